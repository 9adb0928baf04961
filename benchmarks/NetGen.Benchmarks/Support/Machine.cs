using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Support;

/// <summary>What the core at hand can do: its clock, and the most multiply-adds that it gets done.</summary>
internal static class Machine
{
    private const int Turns = 20_000;

    /// <summary>The cycles from one multiply-add to one that takes its result, on every core with FMA of the last ten years.</summary>
    private const int Latency = 4;

    /// <summary>The width in bits that the generated networks run at here.</summary>
    public static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>The clock, from a chain of multiply-adds each of which waits for the one before.</summary>
    public static double CyclesPerNanosecond() => Latency * 8.0 * Turns / BestNanoseconds(() => Chain(1));

    /// <summary>The floating-point operations a nanosecond of a kernel that does nothing but multiply-adds on registers.</summary>
    public static double PeakGflops() => 2.0 * 12 * (Bits / 32) * Turns / BestNanoseconds(Bits switch
    {
        512 => () => Peak512(1),
        256 => () => Peak256(1),
        _ => () => Peak128(1),
    });

    /// <summary>The shortest of many short slices: other work on the machine only ever makes a slice longer.</summary>
    public static double BestNanoseconds(Action call, int slices = 60, double milliseconds = 1)
    {
        for (var i = 0; i < 40; i++)
        {
            call();
        }

        var (repeats, best) = (1L, double.MaxValue);
        for (var slice = 0; slice < slices; slice++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0L; i < repeats; i++)
            {
                call();
            }

            var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            if (elapsed < milliseconds * 0.5e6)
            {
                repeats *= 2;
                slice--;
                continue;
            }

            best = Math.Min(best, elapsed / repeats);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chain(float start)
    {
        var (s, f) = (Vector128.Create(start), Vector128.Create(0.5f));
        for (var i = 0; i < Turns; i++)
        {
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
            s = Vector128.MultiplyAddEstimate(s, f, f);
        }

        return s[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Peak512(float start)
    {
        var f = Vector512.Create(0.5f);
        var s0 = Vector512.Create(start);
        var s1 = Vector512.Create(start);
        var s2 = Vector512.Create(start);
        var s3 = Vector512.Create(start);
        var s4 = Vector512.Create(start);
        var s5 = Vector512.Create(start);
        var s6 = Vector512.Create(start);
        var s7 = Vector512.Create(start);
        var s8 = Vector512.Create(start);
        var s9 = Vector512.Create(start);
        var s10 = Vector512.Create(start);
        var s11 = Vector512.Create(start);
        for (var i = 0; i < Turns; i++)
        {
            s0 = Vector512.MultiplyAddEstimate(s0, f, f);
            s1 = Vector512.MultiplyAddEstimate(s1, f, f);
            s2 = Vector512.MultiplyAddEstimate(s2, f, f);
            s3 = Vector512.MultiplyAddEstimate(s3, f, f);
            s4 = Vector512.MultiplyAddEstimate(s4, f, f);
            s5 = Vector512.MultiplyAddEstimate(s5, f, f);
            s6 = Vector512.MultiplyAddEstimate(s6, f, f);
            s7 = Vector512.MultiplyAddEstimate(s7, f, f);
            s8 = Vector512.MultiplyAddEstimate(s8, f, f);
            s9 = Vector512.MultiplyAddEstimate(s9, f, f);
            s10 = Vector512.MultiplyAddEstimate(s10, f, f);
            s11 = Vector512.MultiplyAddEstimate(s11, f, f);
        }

        return (s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11)[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Peak256(float start)
    {
        var f = Vector256.Create(0.5f);
        var s0 = Vector256.Create(start);
        var s1 = Vector256.Create(start);
        var s2 = Vector256.Create(start);
        var s3 = Vector256.Create(start);
        var s4 = Vector256.Create(start);
        var s5 = Vector256.Create(start);
        var s6 = Vector256.Create(start);
        var s7 = Vector256.Create(start);
        var s8 = Vector256.Create(start);
        var s9 = Vector256.Create(start);
        var s10 = Vector256.Create(start);
        var s11 = Vector256.Create(start);
        for (var i = 0; i < Turns; i++)
        {
            s0 = Vector256.MultiplyAddEstimate(s0, f, f);
            s1 = Vector256.MultiplyAddEstimate(s1, f, f);
            s2 = Vector256.MultiplyAddEstimate(s2, f, f);
            s3 = Vector256.MultiplyAddEstimate(s3, f, f);
            s4 = Vector256.MultiplyAddEstimate(s4, f, f);
            s5 = Vector256.MultiplyAddEstimate(s5, f, f);
            s6 = Vector256.MultiplyAddEstimate(s6, f, f);
            s7 = Vector256.MultiplyAddEstimate(s7, f, f);
            s8 = Vector256.MultiplyAddEstimate(s8, f, f);
            s9 = Vector256.MultiplyAddEstimate(s9, f, f);
            s10 = Vector256.MultiplyAddEstimate(s10, f, f);
            s11 = Vector256.MultiplyAddEstimate(s11, f, f);
        }

        return (s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11)[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Peak128(float start)
    {
        var f = Vector128.Create(0.5f);
        var s0 = Vector128.Create(start);
        var s1 = Vector128.Create(start);
        var s2 = Vector128.Create(start);
        var s3 = Vector128.Create(start);
        var s4 = Vector128.Create(start);
        var s5 = Vector128.Create(start);
        var s6 = Vector128.Create(start);
        var s7 = Vector128.Create(start);
        var s8 = Vector128.Create(start);
        var s9 = Vector128.Create(start);
        var s10 = Vector128.Create(start);
        var s11 = Vector128.Create(start);
        for (var i = 0; i < Turns; i++)
        {
            s0 = Vector128.MultiplyAddEstimate(s0, f, f);
            s1 = Vector128.MultiplyAddEstimate(s1, f, f);
            s2 = Vector128.MultiplyAddEstimate(s2, f, f);
            s3 = Vector128.MultiplyAddEstimate(s3, f, f);
            s4 = Vector128.MultiplyAddEstimate(s4, f, f);
            s5 = Vector128.MultiplyAddEstimate(s5, f, f);
            s6 = Vector128.MultiplyAddEstimate(s6, f, f);
            s7 = Vector128.MultiplyAddEstimate(s7, f, f);
            s8 = Vector128.MultiplyAddEstimate(s8, f, f);
            s9 = Vector128.MultiplyAddEstimate(s9, f, f);
            s10 = Vector128.MultiplyAddEstimate(s10, f, f);
            s11 = Vector128.MultiplyAddEstimate(s11, f, f);
        }

        return (s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11)[0];
    }
}
