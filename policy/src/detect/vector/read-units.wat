;; What a text of UTF-16 code units holds, sixteen of them at a time. Addresses are bytes; units begin at a multiple of 16 and have zeros behind them, to the end of
;; the block that holds the last one and one block further. scripts/assemble.mjs makes read-units-module.ts of this.
(module
  ;; 0: places of units that `places` found, 32 bits each. 28672 and 32768: tables of `known`. 65536: units.
  (memory (export "memory") 2)

  ;; The largest code unit.
  (func (export "largest") (param $at i32) (param $end i32) (result i32)
    (local $most v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $most
          (i16x8.max_u
            (i16x8.max_u (local.get $most) (v128.load (local.get $at)))
            (v128.load offset=16 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $next)))
    ;; Folded in halves: eight, four, two, one.
    (local.set $most (i16x8.max_u (local.get $most) (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $most) (local.get $most))))
    (local.set $most (i16x8.max_u (local.get $most) (i8x16.shuffle 4 5 6 7 4 5 6 7 4 5 6 7 4 5 6 7 (local.get $most) (local.get $most))))
    (local.set $most (i16x8.max_u (local.get $most) (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (local.get $most) (local.get $most))))
    (i16x8.extract_lane_u 0 (local.get $most)))

  ;; Writes the index of each `-`, `:`, `@` and `_`, and of each first digit in a row of them; gives how many. `index` is that of the first unit.
  (func (export "places") (param $at i32) (param $end i32) (param $index i32) (result i32)
    (local $bytes v128) (local $zero v128) (local $ten v128)
    (local $dash v128) (local $colon v128) (local $atsign v128) (local $line v128)
    (local $out i32) (local $digits i32) (local $mask i32) (local $before i32)
    (local.set $zero (i8x16.splat (i32.const 48)))
    (local.set $ten (i8x16.splat (i32.const 10)))
    (local.set $dash (i8x16.splat (i32.const 45)))
    (local.set $colon (i8x16.splat (i32.const 58)))
    (local.set $atsign (i8x16.splat (i32.const 64)))
    (local.set $line (i8x16.splat (i32.const 95)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        ;; Units above 255 become 255 or 0, which are none of these.
        (local.set $bytes (i8x16.narrow_i16x8_u (v128.load (local.get $at)) (v128.load offset=16 (local.get $at))))
        (local.set $digits (i8x16.bitmask (i8x16.lt_u (i8x16.sub (local.get $bytes) (local.get $zero)) (local.get $ten))))
        (local.set $mask
          (i32.or
            (i32.and (local.get $digits)
              (i32.xor (i32.or (i32.shl (local.get $digits) (i32.const 1)) (local.get $before)) (i32.const -1)))
            (i8x16.bitmask
              (v128.or
                (v128.or (i8x16.eq (local.get $bytes) (local.get $dash)) (i8x16.eq (local.get $bytes) (local.get $colon)))
                (v128.or (i8x16.eq (local.get $bytes) (local.get $atsign)) (i8x16.eq (local.get $bytes) (local.get $line)))))))
        (local.set $before (i32.shr_u (local.get $digits) (i32.const 15)))
        (block $none
          (loop $each
            (br_if $none (i32.eqz (local.get $mask)))
            (i32.store (local.get $out) (i32.add (local.get $index) (i32.ctz (local.get $mask))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (br $each)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $index (i32.add (local.get $index) (i32.const 16)))
        (br $next)))
    (i32.shr_u (local.get $out) (i32.const 2)))

  ;; The address of the first three units, of those that begin at every fourth place, that may be part of a phrase; -1 without any. The table of 2^15 bytes says by
  ;; the five lowest bits of each which triple they are, 0 for none; behind it are, for each triple, the sets of what may stand right before and right behind it.
  (func (export "known") (param $at i32) (param $end i32) (result i32)
    (local $five i64) (local $gather i64) (local $each i32) (local $until i32) (local $triple i32)
    (local.set $five (i64.const 0x1f001f001f))
    ;; The product has the fifteen bits at its top, side by side, and all else below them.
    (local.set $gather (i64.const 0x0800004000020000))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if
          (i32.or
            (i32.or
            (i32.load8_u offset=32768
              (i32.wrap_i64 (i64.shr_u (i64.mul (i64.and (i64.load (local.get $at)) (local.get $five)) (local.get $gather)) (i64.const 49))))
            (i32.load8_u offset=32768
              (i32.wrap_i64 (i64.shr_u (i64.mul (i64.and (i64.load offset=8 (local.get $at)) (local.get $five)) (local.get $gather)) (i64.const 49)))))
            (i32.or
            (i32.load8_u offset=32768
              (i32.wrap_i64 (i64.shr_u (i64.mul (i64.and (i64.load offset=16 (local.get $at)) (local.get $five)) (local.get $gather)) (i64.const 49))))
            (i32.load8_u offset=32768
              (i32.wrap_i64 (i64.shr_u (i64.mul (i64.and (i64.load offset=24 (local.get $at)) (local.get $five)) (local.get $gather)) (i64.const 49))))))
          (then
            (local.set $each (local.get $at))
            (local.set $until (i32.add (local.get $at) (i32.const 32)))
            (loop $one
              (local.set $triple
            (i32.load8_u offset=32768
              (i32.wrap_i64 (i64.shr_u (i64.mul (i64.and (i64.load (local.get $each)) (local.get $five)) (local.get $gather)) (i64.const 49)))))
              (if
                (i32.and
                  (i32.shr_u
                    (i32.load offset=28672 (i32.shl (local.get $triple) (i32.const 3)))
                    (i32.load16_u (i32.sub (local.get $each) (i32.const 2))))
                  (i32.and
                    (i32.shr_u
                      (i32.load offset=28676 (i32.shl (local.get $triple) (i32.const 3)))
                      (i32.load16_u offset=6 (local.get $each)))
                    (i32.const 1)))
                (then (return (local.get $each))))
              (local.set $each (i32.add (local.get $each) (i32.const 8)))
              (br_if $one (i32.lt_u (local.get $each) (local.get $until))))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $next)))
    (i32.const -1)))
