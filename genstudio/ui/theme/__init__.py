"""The look: spaces, sizes, colours and icons that every widget shares."""
