using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// The optimiser's step on rows of parameters whose gradients are there: a method that the products call with each tile, or a step with
/// all parameters at once.
/// </summary>
internal sealed class OptimizerEmitter(KernelProgram program, Layout layout, VectorTarget target, MathFunctions math)
{
    private const string Memory = "global::NetGen.CompilerServices.NetworkMemory";

    /// <summary>The floats whose squares are summed in single precision.</summary>
    private const int Block = 1024;

    private readonly OptimizerSettings _settings = program.Declaration.Train!.Settings;
    private readonly OptimizerFormulas _formulas = new(program.Declaration.Train!.Settings, target.Class);

    private string V => target.Class;

    /// <summary>Declares <c>gradient</c>, in which a product leaves gradients: so many floats of the method's own, on a cache line's start.</summary>
    public static void DeclareTile(CodeWriter writer, int floats) =>
        writer.Line($"ref var gradient = ref {Memory}.Align(stackalloc float[{Number(floats + 15)}]);");

    /// <summary>The step on parameters of which so many follow one another.</summary>
    public static string Call(Optimizer optimizer, string gradient, string count, string parameters) =>
        Call(optimizer, gradient, "1", count, parameters, "0");

    /// <summary>The step on rows of parameters. Their gradients follow one another.</summary>
    public static string Call(Optimizer optimizer, string gradient, string rows, string columns, string parameters, string step) =>
        $"{optimizer}(ref {gradient}, {rows}, {columns}, ref {parameters}, {step}, ref rates);";

    public void Write(CodeWriter writer)
    {
        Update(writer);
        if (_formulas.Lines().Any(line => line.Contains("Flush(")))
        {
            writer.Blank();
            Flush(writer);
        }

        if (_settings.ClipNorm is { } limit)
        {
            writer.Blank();
            ClipNorm(writer, limit);
        }
    }

    private void Update(CodeWriter writer)
    {
        KernelFileEmitter.Head(writer, $"{_formulas.Summary} {_formulas.Preparation}".TrimEnd(), "Rows of parameters, so far apart; their gradients follow one another.");
        using (writer.Block($"private static void {_settings.Optimizer}(ref float gradient, int rows, int columns, ref float parameters, int step, ref float rates)"))
        {
            var states = OptimizerRules.State(_settings);
            for (var i = 0; i < states.Count; i++)
            {
                writer.Line($"const int {OptimizerFormulas.Place(states[i])} = {Number(layout.State(i))}; // so far from a parameter");
            }

            for (var i = 0; i < _formulas.Numbers.Count; i++)
            {
                writer.Line($"var {_formulas.Numbers[i].Name} = {V}.Create({TileEmitter.Ref("rates", i)}); // {_formulas.Numbers[i].Meaning}");
            }

            if (_settings.ClipNorm is not null)
            {
                writer.Line($"var factor = {V}.Create({TileEmitter.Ref("rates", _formulas.ClipFactor)});");
            }

            using (writer.Block("for (var row = 0; row < rows; row++)"))
            {
                using (writer.Block($"for (var at = 0u; at < (uint)columns; at += {Number(target.Lanes)})"))
                {
                    writer.Line($"var g = {V}.LoadUnsafe(ref gradient, at);");
                    writer.Line($"var w = {V}.LoadUnsafe(ref parameters, at);");
                    foreach (var line in _formulas.Lines())
                    {
                        writer.Line(line);
                    }

                    writer.Line($"{V}.StoreUnsafe(w, ref parameters, at);");
                }

                writer.Blank();
                writer.Line("gradient = ref Clr::Unsafe.Add(ref gradient, columns);");
                writer.Line("parameters = ref Clr::Unsafe.Add(ref parameters, step);");
            }
        }
    }

    private void Flush(CodeWriter writer)
    {
        writer.Line("/// <summary>Zero for what is so small that its share of later numbers would be denormal.</summary>");
        writer.Line("[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveInlining)]");
        using (writer.Block($"private static {target.Type} Flush({target.Type} x)"))
        {
            writer.Line($"return {V}.ConditionalSelect({V}.GreaterThan({V}.Abs(x), {V}.Create(1e-36f)), x, {target.Type}.Zero);");
        }
    }

    /// <summary>Squares are summed in blocks, whose sums are added in double precision: in one order at every width.</summary>
    private void ClipNorm(CodeWriter writer, double limit)
    {
        KernelFileEmitter.Head(
            writer,
            $"factor = min(1, {Single(limit).TrimEnd('f')} / (‖g‖ + 1e-6)), with ‖g‖ the 2-norm of all parameters' gradients together.");
        using (writer.Block("private static void ClipNorm(ref float gradient, ref float rates)"))
        {
            writer.Line("var total = 0.0;");
            using (writer.Block($"for (var first = 0; first < {Number(layout.ParameterLength)}; first += {Number(Block)})"))
            {
                var parts = Enumerable.Range(0, target.Parts).ToList();
                foreach (var part in parts)
                {
                    writer.Line($"var s{part} = {V}<float>.Zero;");
                }

                var end = layout.ParameterLength % Block == 0
                    ? $"first + {Number(Block)}"
                    : $"Sys::Math.Min(first + {Number(Block)}, {Number(layout.ParameterLength)})";
                using (writer.Block($"for (var i = first; i < {end}; i += {Number(VectorTarget.VirtualLanes)})"))
                {
                    writer.Line("ref var g = ref Clr::Unsafe.Add(ref gradient, i);");
                    foreach (var part in parts)
                    {
                        writer.Line($"var g{part} = {TileEmitter.Load(target, "g", part * target.Lanes)};");
                        writer.Line($"s{part} = {V}.MultiplyAddEstimate(g{part}, g{part}, s{part});");
                    }
                }

                writer.Blank();
                writer.Line($"total += {math.Sum}({string.Join(", ", parts.Select(part => $"s{part}"))});");
            }

            writer.Blank();
            writer.Line($"{TileEmitter.Ref("rates", _formulas.ClipFactor)} = (float)Sys::Math.Min(1, {Single(limit)} / (Sys::Math.Sqrt(total) + 1e-6));");
        }
    }
}
