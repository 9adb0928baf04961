using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>
/// A whole training step with a sample a lane, for networks of a few neurons: 16 samples at a time go forward and back in
/// registers, each number of a layer a vector over the samples, each weight a broadcast operand. The same kernels in the same order
/// as elsewhere, along the other axis.
/// </summary>
internal sealed class NarrowStepEmitter(
    KernelProgram program, Layout layout, VectorTarget target, MathFunctions math, ActivationFormulas formulas, int batchSize)
{
    private string V => target.Class;

    private IEnumerable<int> Parts => Enumerable.Range(0, target.Parts);

    private IEnumerable<ProductKernel> Updates => program.Backward.OfType<ProductKernel>().Where(StepEmitter.IsUpdate);

    /// <summary>The body of a step, after the method's head.</summary>
    public void WriteBody(CodeWriter writer, LossKernel loss)
    {
        KernelFileEmitter.Places(writer, "network", layout.Parameters);
        KernelFileEmitter.Places(writer, "network", layout.Training, name => name == AssignLayout.Edge);
        if (program.Update == UpdatePlace.AfterAll)
        {
            StepEmitter.UpdatePlaces(writer, program, layout);
        }

        StageTargets(writer, loss);
        var numerator = StepEmitter.Numerator(program);
        numerator = loss.Loss == Loss.MeanSquaredError ? program.Update == UpdatePlace.Added ? "-2 * rate" : "2f" : numerator;
        writer.Line($"var scale = {V}.Create({numerator} / {LossEmitter.Divisor(loss.Loss, loss.Output.Columns, "samples")});");
        writer.Blank();
        writer.Line("// the loss and each parameter's step, a sample a lane");
        foreach (var sum in Parts.Select(part => $"total{part}").Concat(Updates.SelectMany(Sums)))
        {
            writer.Line($"var {sum} = {V}<float>.Zero;");
        }

        writer.Blank();
        using (writer.Block($"for (var first = 0; first < {Number(batchSize)}; first += {Number(NarrowStep.Samples)})"))
        {
            var isWhole = batchSize % NarrowStep.Samples == 0;
            if (!isWhole)
            {
                writer.Line("// the last turn starts among the samples of the one before: their lanes are masked");
                writer.Line($"var row = Sys::Math.Min(first, {Number(batchSize - NarrowStep.Samples)});");
            }

            foreach (var part in Parts)
            {
                using (writer.Block())
                {
                    Samples(writer, loss, part, isWhole ? "first" : "row");
                }
            }
        }

        writer.Blank();
        var half = loss.Loss == Loss.HalfSquaredError ? "0.5f * " : "";
        var total = $"{math.Sum}({string.Join(", ", Parts.Select(part => $"total{part}"))})";
        writer.Line($"var loss = {half}{total} / {LossEmitter.Divisor(loss.Loss, loss.Output.Columns, "samples")};");
        using (writer.Block("if (float.IsFinite(loss))"))
        {
            foreach (var update in Updates)
            {
                Update(writer, update);
            }

            if (program.Update == UpdatePlace.AfterAll)
            {
                StepEmitter.ClipNorm(writer, program);
                StepEmitter.UpdateAll(writer, program, layout);
            }
        }

        writer.Blank();
        writer.Line("return loss;");
    }

    /// <summary>A batch that is not full has fewer targets than are read.</summary>
    private void StageTargets(CodeWriter writer, LossKernel loss)
    {
        var name = loss.Labels ? "labels" : "targets";
        using (writer.Block($"if (samples < {Number(batchSize)})"))
        {
            writer.Line($"ref var staged = ref {(loss.Labels ? "Clr::Unsafe.As<float, int>(ref edge)" : "edge")}; // whole vectors are read");
            using (writer.Block($"for (var i = 0; i < samples{(loss.Labels ? "" : $" * {Number(loss.Output.Columns)}")}; i++)"))
            {
                writer.Line($"Clr::Unsafe.Add(ref staged, i) = Clr::Unsafe.Add(ref {name}, i);");
            }

            writer.Line($"{name} = ref staged;");
        }

        writer.Blank();
    }

    /// <summary>As many samples as a vector has lanes, forward and back.</summary>
    private void Samples(CodeWriter writer, LossKernel loss, int part, string row)
    {
        var at = part == 0 ? row : $"{row} + {Number(part * target.Lanes)}";
        writer.Line($"var sample = {V}.Create({at}) + {V}<int>.Indices;");
        var notTaken = row == "row" ? $"{V}.GreaterThanOrEqual(sample, {V}.Create(first)) & " : "";
        writer.Line($"var valid = {V}.AsSingle({notTaken}{V}.LessThan(sample, {V}.Create(samples)));");
        Turned(writer, "x", program.Input.Columns, at);
        foreach (var kernel in program.Forward.Cast<ProductKernel>())
        {
            StepEmitter.Comment(writer, kernel, target.Lanes);
            Forward(writer, kernel);
        }

        StepEmitter.Comment(writer, loss, target.Lanes);
        LossOfSamples(writer, loss, part, at);
        foreach (var kernel in program.Backward.OfType<ProductKernel>())
        {
            StepEmitter.Comment(writer, kernel, target.Lanes);
            if (StepEmitter.IsUpdate(kernel))
            {
                Add(writer, kernel, part);
            }
            else
            {
                InputGradient(writer, kernel);
            }
        }
    }

    /// <summary>z = b + Σ x·W, a = f(z): the terms in the order in which the other kernels add them.</summary>
    private void Forward(CodeWriter writer, ProductKernel kernel)
    {
        for (var j = 0; j < kernel.Result.Columns; j++)
        {
            var z = $"{kernel.Result.Name}_{j}";
            writer.Line($"var {z} = {(kernel.Bias is { } bias ? Broadcast(bias.Name, j) : $"{V}<float>.Zero")};");
            for (var k = 0; k < kernel.Left.Columns; k++)
            {
                writer.Line($"{z} = {V}.MultiplyAddEstimate({kernel.Left.Name}_{k}, {Weight(kernel.Right, k, j)}, {z});");
            }

            if (kernel.Operand is { } operand)
            {
                writer.Line($"var {operand.Name}_{j} = {z};");
            }

            if (!kernel.Activation.IsIdentity())
            {
                var value = formulas.Value(kernel.Activation, z);
                writer.Line($"{z} = {(program.ClearsPadding ? $"({value}) & valid" : value)};");
            }
        }
    }

    private void LossOfSamples(CodeWriter writer, LossKernel loss, int part, string at)
    {
        var columns = loss.Output.Columns;
        string Value(int j) => $"{loss.Output.Name}_{j}";
        void Delta(int j, string gradient)
        {
            var result = loss.Operand is { } operand ? formulas.TimesSlope(loss.Activation, gradient, $"{operand.Name}_{j}") : gradient;
            writer.Line($"var {loss.Gradient.Name}_{j} = {result};");
        }

        if (loss.Labels)
        {
            writer.Line($"var label = {V}.LoadUnsafe(ref {TileEmitter.Ref("labels", at)}) | ~{V}.AsInt32(valid); // −1 where there is no sample");
        }
        else
        {
            Turned(writer, "targets", columns, at);
        }

        if (loss.Labels && !loss.IsOverClasses)
        {
            for (var j = 0; j < columns; j++)
            {
                writer.Line($"var targets_{j} = {LossFormulas.SignOfLabel(target, "label", $"{V}.Create({Number(j)})")};");
            }
        }

        if (loss.IsOverClasses)
        {
            for (var j = 0; !loss.Labels && j < columns; j++)
            {
                writer.Line($"targets_{j} &= valid;");
            }

            LossFormulas.CrossEntropy(writer, loss, target, math, Value, j => $"targets_{j}");
            writer.Line($"total{part} += value;");
            for (var j = 0; j < columns; j++)
            {
                Delta(j, $"g{j}");
            }

            return;
        }

        for (var j = 0; j < columns; j++)
        {
            var (value, gradient) = LossFormulas.Elementwise(
                writer, loss, target, math, Value(j), $"targets_{j}", d => $"({d}) & valid", Number(j));
            writer.Line($"total{part} += ({value}) & valid;");
            writer.Line($"var g{j} = (({gradient}) * scale) & valid;");
            Delta(j, $"g{j}");
        }
    }

    /// <summary>delta · Wᵀ, times the slope of the layer below.</summary>
    private void InputGradient(CodeWriter writer, ProductKernel kernel)
    {
        var weights = program.Backward.OfType<TransposeKernel>().First(t => t.Result.Name == kernel.Right.Name).Source;
        for (var i = 0; i < kernel.Result.Columns; i++)
        {
            var delta = $"{kernel.Result.Name}_{i}";
            writer.Line($"var {delta} = {kernel.Left.Name}_0 * {Weight(weights, i, 0)};");
            for (var j = 1; j < kernel.Left.Columns; j++)
            {
                writer.Line($"{delta} = {V}.MultiplyAddEstimate({kernel.Left.Name}_{j}, {Weight(weights, i, j)}, {delta});");
            }

            if (kernel.Operand is { } operand)
            {
                writer.Line($"{delta} = {formulas.TimesSlope(kernel.Activation, delta, $"{operand.Name}_{i}")};");
            }
        }
    }

    /// <summary>These samples' share of a layer's step.</summary>
    private void Add(CodeWriter writer, ProductKernel kernel, int part)
    {
        for (var j = 0; j < kernel.Right.Columns; j++)
        {
            var delta = $"{kernel.Right.Name}_{j}";
            for (var k = 0; k < kernel.Left.Columns; k++)
            {
                var sum = Sum(kernel.Result, k, j, part);
                writer.Line($"{sum} = {V}.MultiplyAddEstimate({kernel.Left.Name}_{k}, {delta}, {sum});");
            }

            if (kernel.Bias is { } bias)
            {
                writer.Line($"{Sum(bias, 0, j, part)} += {delta};");
            }
        }
    }

    /// <summary>W += Σ over the samples, or the gradient is that sum.</summary>
    private void Update(CodeWriter writer, ProductKernel kernel)
    {
        foreach (var (buffer, k, j) in Parameters(kernel))
        {
            var sums = string.Join(", ", Parts.Select(part => Sum(buffer, k, j, part)));
            writer.Line(program.Update == UpdatePlace.Added
                ? $"{TileEmitter.Ref(buffer.Name, Offset(buffer, k, j))} += {math.Sum}({sums});"
                : $"{TileEmitter.Ref("gradient", layout.Parameters.First(p => p.Buffer.Name == buffer.Name).Offset + Offset(buffer, k, j))} = {math.Sum}({sums});");
        }
    }

    /// <summary>The numbers of a layer: its weights, row by row, and its biases.</summary>
    private static IEnumerable<(Buffer Buffer, int Row, int Column)> Parameters(ProductKernel update)
    {
        for (var k = 0; k < update.Result.Rows; k++)
        {
            for (var j = 0; j < update.Result.Columns; j++)
            {
                yield return (update.Result, k, j);
            }
        }

        for (var j = 0; update.Bias is not null && j < update.Bias.Columns; j++)
        {
            yield return (update.Bias, 0, j);
        }
    }

    private IEnumerable<string> Sums(ProductKernel update) =>
        from parameter in Parameters(update) from part in Parts select Sum(parameter.Buffer, parameter.Row, parameter.Column, part);

    private static string Sum(Buffer buffer, int row, int column, int part) =>
        buffer.Storage == Storage.WeightPanels ? $"d{buffer.Name}_{row}_{column}p{part}" : $"d{buffer.Name}_{column}p{part}";

    /// <summary>Rows of few numbers into vectors of a sample a lane: name_0, name_1, …</summary>
    private void Turned(CodeWriter writer, string name, int columns, string at)
    {
        if (columns == 1)
        {
            writer.Line($"var {name}_0 = {V}.LoadUnsafe(ref {TileEmitter.Ref(name, at)});");
            return;
        }

        writer.Line($"ref var {name}Rows = ref {TileEmitter.Ref(name, $"{(at.Contains(' ') ? $"({at})" : at)} * {Number(columns)}")};");
        for (var i = 0; i < columns; i++)
        {
            writer.Line($"var {name}Rows{i} = {TileEmitter.Load(target, $"{name}Rows", i * target.Lanes)};");
        }

        for (var column = 0; column < columns; column++)
        {
            // Lane s is number s·columns + column of the rows, which stand in as many vectors as a row has numbers.
            var places = Enumerable.Range(0, target.Lanes).Select(s => s * columns + column).ToList();
            var value = "";
            foreach (var i in places.Select(p => p / target.Lanes).Distinct())
            {
                var shuffle = string.Join(", ", places.Select(p => p / target.Lanes == i ? Number(p % target.Lanes) : "0"));
                var part = $"{V}.ShuffleNative({name}Rows{i}, {V}.Create({shuffle}))";
                var mask = string.Join(", ", places.Select(p => p / target.Lanes == i ? "-1" : "0"));
                value = value.Length == 0 ? part : $"{V}.ConditionalSelect({V}.AsSingle({V}.Create({mask})), {part}, {value})";
            }

            writer.Line($"var {name}_{column} = {value};");
        }
    }

    private string Broadcast(string name, int offset) => $"{V}.Create({TileEmitter.Ref(name, offset)})";

    private string Weight(Buffer weights, int row, int column) => Broadcast(weights.Name, Offset(weights, row, column));

    private static int Offset(Buffer buffer, int row, int column) => row * buffer.LastPanelWidth + column;
}
