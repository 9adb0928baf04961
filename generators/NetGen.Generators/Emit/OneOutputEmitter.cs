using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// A layer of one neuron behind many: with lanes along its outputs 15 of 16 would be empty, so they run along its inputs. Forward is
/// a dot product, the gradient of the weights a sum of rows. The weights, which stand 16 floats apart, pass through the stack.
/// </summary>
internal sealed class OneOutputEmitter(ProductKernel kernel, VectorTarget target, MathFunctions math, ActivationFormulas formulas, StepSplit? split)
{
    private const int Row = VectorTarget.VirtualLanes;

    private string V => target.Class;

    /// <summary>Y = f(X·w + b): the same order of the sum for one sample and for many.</summary>
    public void WriteForward(CodeWriter writer)
    {
        var inputs = kernel.Left.Columns;
        var padded = Buffer.RoundUp(inputs, Row);
        var buffers = string.Join(", ", kernel.SampleBuffers.Select(b => $"ref float {b.Name}"));
        var count = split is null ? "rows" : "count";
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, "rows") + ".", "One output: each sample's sum runs in 16 lanes over the inputs.");
        using (writer.Block($"internal static void {kernel.Name}({buffers}, int rows{(split is null ? "" : ", int count")})"))
        {
            writer.Line($"Sys::Span<float> column = stackalloc float[{Number(padded)}];");
            writer.Line("ref var w = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(column); // zero beyond the inputs");
            using (writer.Block($"for (var k = 0; k < {Number(inputs)}; k++)"))
            {
                writer.Line($"Clr::Unsafe.Add(ref w, k) = Clr::Unsafe.Add(ref {kernel.Right.Name}, k * {Number(Row)});");
            }

            writer.Blank();
            if (inputs % Row != 0)
            {
                foreach (var part in Enumerable.Range(0, target.Parts))
                {
                    var lanes = string.Join(", ", Enumerable.Range(part * target.Lanes, target.Lanes).Select(lane => lane < inputs % Row ? "-1" : "0"));
                    writer.Line($"var mask{part} = {V}.AsSingle({V}.Create({lanes})); // the inputs among the last 16 columns");
                }
            }

            using (writer.Block($"for (var row = 0; row < {count}; row++)"))
            {
                writer.Line($"ref var x = ref {TileEmitter.Ref(kernel.Left.Name, "row * 32")};");
                DotProduct(writer, inputs, padded);
                var sum = $"{V}.Create({(kernel.Bias is { } bias ? $"{bias.Name} + " : "")}{math.Sum}({string.Join(", ", Enumerable.Range(0, target.Parts).Select(p => $"s{p}"))}))";
                writer.Line($"var z = {(kernel.Folded is { } folded ? FoldEmitter.Applied(target, sum, $"{V}.Create({folded.Scale.Name})", $"{V}.Create({folded.Shift.Name})") : sum)};");
                if (kernel.Operand is { } operand)
                {
                    writer.Line($"{V}.StoreUnsafe(z, ref {TileEmitter.Ref(operand.Name, "row * 32")});");
                }

                writer.Line($"{V}.StoreUnsafe({formulas.Value(kernel.Activation, "z")}, ref {TileEmitter.Ref(kernel.Result.Name, "row * 32")});");
            }
        }

        writer.Blank();
        KernelFileEmitter.Head(writer, $"The same for one sample: one row of {kernel.Left.Name} and {kernel.Result.Name}, in buffers of one row.");
        using (writer.Block($"private static void {kernel.Name}Row({buffers}, int rows)"))
        {
            writer.Line(KernelFileEmitter.Call(kernel, "rows", split is not null));
        }
    }

    private void DotProduct(CodeWriter writer, int inputs, int padded)
    {
        var started = new HashSet<int>();
        for (var column = 0; column < padded; column += target.Lanes)
        {
            var part = column / target.Lanes % target.Parts;
            var (panel, within) = (column / Buffer.PanelWidth, column % Buffer.PanelWidth);
            var at = panel == 0 ? Number(within) : $"{Number(panel * Buffer.PanelWidth)} * rows{(within == 0 ? "" : $" + {Number(within)}")}";
            var x = $"{V}.LoadUnsafe(ref {TileEmitter.Ref("x", at)})";
            x = column >= padded - Row && inputs % Row != 0 ? $"({x} & mask{part})" : x;
            var weights = TileEmitter.Load(target, "w", column);
            writer.Line(started.Add(part) ? $"var s{part} = {x} * {weights};" : $"s{part} = {V}.MultiplyAddEstimate({x}, {weights}, s{part});");
        }
    }

    /// <summary>w += Σ over the samples of x·delta, in the order in which tiles add.</summary>
    public void WriteUpdate(CodeWriter writer, int batchSize)
    {
        var inputs = kernel.Left.Columns;
        var segment = Schedule.SampleSegment(batchSize);
        var buffers = string.Join(", ", new[] { kernel.Left, kernel.Right, kernel.Result, kernel.Bias }.Where(b => b is not null).Select(b => $"ref float {b!.Name}"));
        KernelFileEmitter.Head(writer, FormulaText.Of(kernel, Number(batchSize)) + ".", "One output: the lanes run along the inputs.");
        using (writer.Block($"internal static void {kernel.Name}({buffers}{(split is null ? "" : ", int firstInput, int lastInput")})"))
        {
            writer.Line($"Sys::Span<float> sums = stackalloc float[{Number(Schedule.OneOutputGroup)}];");
            writer.Line("ref var sum = ref global::System.Runtime.InteropServices.MemoryMarshal.GetReference(sums);");
            if (kernel.Bias is not null)
            {
                writer.Line("var total = 0f; // the bias's input is 1 for every sample");
            }

            writer.Blank();
            using (writer.Block($"for (var first = 0; first < {Number(batchSize)}; first += {Number(segment)})"))
            {
                writer.Line($"var samples = {(batchSize % segment == 0 ? Number(segment) : $"Sys::Math.Min({Number(segment)}, {Number(batchSize)} - first)")};");
                for (var start = 0; start < inputs; start += Schedule.OneOutputGroup)
                {
                    using (split is null ? writer.Block() : writer.Block($"if (firstInput <= {Number(start)} && {Number(start)} < lastInput)"))
                    {
                        Group(writer, start, System.Math.Min(Schedule.OneOutputGroup, inputs - start), batchSize);
                    }
                }
            }

            if (kernel.Bias is { } bias)
            {
                writer.Blank();
                writer.Line($"{(split is null ? "" : "if (firstInput == 0 && lastInput > 0) ")}{bias.Name} += total;");
            }
        }
    }

    /// <summary>The weights of neighbouring inputs.</summary>
    private void Group(CodeWriter writer, int start, int inputs, int batchSize)
    {
        var vectors = Enumerable.Range(0, (inputs + target.Lanes - 1) / target.Lanes).ToList();
        foreach (var v in vectors)
        {
            writer.Line($"var s{v} = {V}<float>.Zero;");
        }

        using (writer.Block("for (var m = first; m < first + samples; m++)"))
        {
            writer.Line($"ref var xm = ref {TileEmitter.Ref(kernel.Left.Name, start == 0 ? "m * 32" : $"m * 32 + {Number(start * batchSize)}")};");
            writer.Line($"var delta = {TileEmitter.Ref(kernel.Right.Name, "m * 32")};");
            if (start == 0 && kernel.Bias is not null)
            {
                writer.Line("total += delta;");
            }

            writer.Line($"var d = {V}.Create(delta);");
            foreach (var v in vectors)
            {
                writer.Line($"s{v} = {V}.MultiplyAddEstimate(d, {TileEmitter.Load(target, "xm", Columns.Within(v * target.Lanes, batchSize))}, s{v});");
            }
        }

        foreach (var v in vectors)
        {
            writer.Line(TileEmitter.Store(target, $"s{v}", "sum", v * target.Lanes));
        }

        using (writer.Block($"for (var k = 0; k < {Number(inputs)}; k++)"))
        {
            writer.Line($"Clr::Unsafe.Add(ref {kernel.Result.Name}, {(start == 0 ? "k" : $"({Number(start)} + k)")} * {Number(Row)}) += Clr::Unsafe.Add(ref sum, k);");
        }
    }
}
