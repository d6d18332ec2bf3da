// Makes what esrgan_reference.npz holds: the original models, run by TensorFlow.js on the CPU.
//
//   npm i @upscalerjs/esrgan-medium@1.0.0 @upscalerjs/esrgan-thick@1.0.0 @tensorflow/tfjs@4.11.0
//   node run_esrgan_in_tfjs.cjs INPUT.bin HEIGHT WIDTH SIZE SCALE PEAK EDGE OUTPUT.bin
//
// INPUT.bin holds float32 HWC colours from 0 to 1, and so does OUTPUT.bin (not clipped). The
// models of the package of SIZE (medium, thick) take and give 0 to PEAK (255, 1). The
// picture's outermost pixels are repeated EDGE times (8, 4) before, and cut off after, as in the
// converted graphs. The picture: 20 x 14 pixels of a fox of Fluent Emoji (MIT, Microsoft).
const fs = require("node:fs");
const path = require("node:path");
const tf = require("@tensorflow/tfjs");

// The package's own layers.
class MultiplyBeta extends tf.layers.Layer {
  static className = "MultiplyBeta";
  call(inputs) { return [inputs].flat()[0].mul(0.2); }
}
class PixelShuffle4x extends tf.layers.Layer {
  static className = "PixelShuffle4x";
  computeOutputShape([rows, height, width]) { return [rows, height, width, 3]; }
  call(inputs) { return tf.depthToSpace([inputs].flat()[0], 4, "NHWC"); }
}
[MultiplyBeta, PixelShuffle4x].forEach(tf.serialization.registerClass);

async function main([input, height, width, size, scale, peak, edge, output]) {
  await tf.setBackend("cpu");
  const folder = path.join(`node_modules/@upscalerjs/esrgan-${size}/models`, `x${scale}`);
  const described = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
  const { paths, weights } = described.weightsManifest[0];
  const bytes = Buffer.concat(paths.map((name) => fs.readFileSync(path.join(folder, name))));
  const model = await tf.loadLayersModel({
    load: async () => ({
      modelTopology: described.modelTopology,
      weightSpecs: weights,
      weightData: new Uint8Array(bytes).buffer,
    }),
  });
  const colours = new Float32Array(new Uint8Array(fs.readFileSync(input)).buffer);
  const [rows, columns, border, times] = [height, width, edge, scale].map(Number);
  const repeated = (length) =>
    Array.from({ length: length + 2 * border }, (_, i) =>
      Math.min(Math.max(i - border, 0), length - 1));
  const image = tf.tensor4d(colours, [1, rows, columns, 3])
    .gather(tf.tensor1d(repeated(rows), "int32"), 1)
    .gather(tf.tensor1d(repeated(columns), "int32"), 2);
  const large = model.predict(image.mul(Number(peak))).div(Number(peak))
    .slice([0, border * times, border * times, 0], [1, rows * times, columns * times, 3])
    .dataSync();
  fs.writeFileSync(output, Buffer.from(large.buffer));
}

main(process.argv.slice(2));
