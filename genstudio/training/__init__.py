"""A folder of pictures in, a model pack out: everything here needs the extra `train`."""
