// Reads the pictures whose paths it is told, as JSON strings, one a line, with zxing-cpp,
// and answers each with a reading of readers.go. The argument is the folder into which
// npm installed zxing-wasm.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

const modules = path.join(process.argv[1], "node_modules/zxing-wasm/dist");
const { readBarcodes, prepareZXingModule } = require(path.join(modules, "cjs/reader/index.js"));
const wasmBinary = fs.readFileSync(path.join(modules, "reader/zxing_reader.wasm")).buffer;
const options = {
  formats: ["QRCode"], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: 255,
};

(async () => {
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const picture = new Blob([fs.readFileSync(JSON.parse(line))]);
    const start = process.hrtime.bigint();
    const before = process.cpuUsage();
    const answer = { texts: [] };
    try {
      const codes = await readBarcodes(picture, options);
      answer.texts = codes.filter((code) => code.isValid).map((code) => code.text);
    } catch (error) {
      answer.error = String(error);
    }
    const cost = process.cpuUsage(before);
    answer.time = Number(process.hrtime.bigint() - start);
    answer.processor = (cost.user + cost.system) * 1000;
    answer.memory = process.resourceUsage().maxRSS * 1024;
    console.log(JSON.stringify(answer));
  }
})();
