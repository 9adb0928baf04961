extern alias compiler;

using System.Reflection;
using compiler::NetGen.Compiler.Emit;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Targets;
using Buffer = compiler::NetGen.Compiler.Ir.Buffer;

namespace NetGen.Benchmarks.Support;

/// <summary>Compiles one product by several schedules, and calls each on buffers of its own.</summary>
internal sealed class KernelRunner
{
    private delegate void Buffers3(ref float a, ref float b, ref float c);

    private delegate void Buffers4(ref float a, ref float b, ref float c, ref float d);

    private delegate void Rows3(ref float a, ref float b, ref float c, int rows);

    private delegate void Rows4(ref float a, ref float b, ref float c, ref float d, int rows);

    private delegate void Rows5(ref float a, ref float b, ref float c, ref float d, ref float e, int rows);

    /// <summary>A call for each schedule, in their order.</summary>
    public static IReadOnlyList<Action> Calls(GeneratorRun compiler, ProductKernel kernel, IReadOnlyList<ProductSchedule> schedules, VectorTarget target, int batch)
    {
        var math = new MathFunctions(target);
        var formulas = new ActivationFormulas(target, math);
        var writer = new CodeWriter();
        writer.Line("using Clr = global::System.Runtime.CompilerServices;");
        writer.Line("using Simd = global::System.Runtime.Intrinsics;");
        writer.Line("using Sys = global::System;");
        using (writer.Block("public static class Alternatives"))
        {
            for (var i = 0; i < schedules.Count; i++)
            {
                var named = kernel with { Name = Name(i) };
                if (kernel.Product == Product.WeightGradient)
                {
                    new ParameterProductEmitter(named, schedules[i], target, batch, null).Write(writer);
                }
                else
                {
                    new SampleProductEmitter(named, schedules[i], target, formulas, batch, null).Write(writer);
                }
            }

            math.Write(writer);
        }

        var type = compiler.Load(writer.ToString()).GetType("Alternatives")!;
        return [.. schedules.Select((_, i) => Call(kernel, type.GetMethod(Name(i), BindingFlags.Static | BindingFlags.NonPublic)!, batch))];
    }

    private static string Name(int i) => "Alternative" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Action Call(ProductKernel kernel, MethodInfo method, int batch)
    {
        Buffer?[] all = kernel.Product == Product.WeightGradient
            ? [kernel.Left, kernel.Right, kernel.Result, kernel.Bias]
            : [kernel.Left, kernel.Right, kernel.Bias, kernel.Result, kernel.Operand];
        var b = all.OfType<Buffer>().Select(buffer => Memory(buffer, batch)).ToArray();
        return (kernel.Product, b.Length) switch
        {
            (Product.Forward, 3) when method.CreateDelegate<Rows3>() is var f => () => f(ref b[0].First, ref b[1].First, ref b[2].First, batch),
            (Product.Forward, 4) when method.CreateDelegate<Rows4>() is var f => () => f(ref b[0].First, ref b[1].First, ref b[2].First, ref b[3].First, batch),
            (Product.Forward, 5) when method.CreateDelegate<Rows5>() is var f =>
                () => f(ref b[0].First, ref b[1].First, ref b[2].First, ref b[3].First, ref b[4].First, batch),
            (_, 3) when method.CreateDelegate<Buffers3>() is var f => () => f(ref b[0].First, ref b[1].First, ref b[2].First),
            (_, 4) when method.CreateDelegate<Buffers4>() is var f => () => f(ref b[0].First, ref b[1].First, ref b[2].First, ref b[3].First),
            _ => throw new InvalidOperationException(kernel.Name),
        };
    }

    /// <summary>Numbers that neither grow nor vanish however often a kernel runs: the deltas are so small that no weight moves.</summary>
    private static Block Memory(Buffer buffer, int batch)
    {
        var block = new Block(buffer.Length(batch) + 64);
        var random = new Random(1);
        var scale = buffer.Name.StartsWith("delta", StringComparison.Ordinal) ? 1e-12f : 1f;
        foreach (ref var value in block.All)
        {
            value = (random.NextSingle() - 0.5f) * scale;
        }

        return block;
    }

    /// <summary>Pinned, from a cache line's start.</summary>
    private sealed class Block
    {
        private readonly float[] _floats;
        private readonly int _start;

        public Block(int length)
        {
            _floats = GC.AllocateArray<float>(length + 16, pinned: true);
            var address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_floats, 0);
            _start = (int)((64 - address % 64) % 64 / sizeof(float));
        }

        public ref float First => ref _floats[_start];

        public Span<float> All => _floats;
    }
}
