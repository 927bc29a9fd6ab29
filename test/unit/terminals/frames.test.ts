import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameReader, FrameType } from '../../../src/core/terminals/frames.ts';

const hello = encodeFrame(FrameType.hello, Buffer.from('{}'));

void describe('frames', () => {
  void it('are whole again, wherever the stream was cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(payloads, cuts, (sent, sizes) => {
        const stream = Buffer.concat([hello, ...sent.map((payload) => encodeFrame(17, payload))]);
        const reader = new FrameReader(1000);
        const got: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const end = at + 1 + (sizes[i % sizes.length] ?? 0);
          got.push(
            ...reader.read(stream.subarray(at, end)).map(({ payload }) => Buffer.from(payload)),
          );
          at = end;
        }
        assert.deepEqual(
          got.slice(1).map((payload) => payload.toString('hex')),
          sent.map((payload) => Buffer.from(payload).toString('hex')),
        );
      }),
    );
  });

  void it('begin with a greeting, a small one', () => {
    assert.throws(() => new FrameReader(1000).read(Buffer.from('GET')), RangeError);
    const large = encodeFrame(FrameType.hello, Buffer.alloc(5000));
    assert.throws(() => new FrameReader(10_000).read(large), RangeError);
  });

  void it('are never longer than agreed, and this is seen before they have come', () => {
    const reader = new FrameReader(1000);
    reader.read(hello);
    assert.throws(() => reader.read(Buffer.from([FrameType.input, 0, 0, 4, 0])), RangeError);
  });
});
