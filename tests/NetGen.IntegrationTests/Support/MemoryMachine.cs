extern alias compiler;

using System.Globalization;
using compiler::NetGen.Compiler.Ir;
using compiler::NetGen.Compiler.Passes;
using Buffer = compiler::NetGen.Compiler.Ir.Buffer;

namespace NetGen.IntegrationTests.Support;

/// <summary>
/// Runs kernels without numbers: each piece of the training's memory knows which buffer was written there last. What a kernel reads must still be its
/// buffer's own. What a step leaves for the next one, as sums of zero and zeros around images, is written once at the start and by nobody later.
/// </summary>
internal sealed class MemoryMachine
{
    /// <summary>Buffers start at multiples of so many floats.</summary>
    private const int Piece = 16;

    private readonly CompiledProgram _compiled;
    private readonly Dictionary<string, (int Start, int End)> _places = [];
    private readonly string?[] _memory;
    private readonly HashSet<string> _zeros;

    public MemoryMachine(CompiledProgram compiled)
    {
        _compiled = compiled;
        var layout = compiled.Layout;
        var batch = Program.Declaration.Train!.BatchSize;
        var end = layout.BlockLength;
        foreach (var (placements, start) in new[] { (layout.Training, 0), (layout.Gradients, end) })
        {
            foreach (var placement in placements)
            {
                Assert.Equal(0, placement.Offset % Piece);
                var first = (start + placement.Offset) / Piece;
                var last = first + (Length(placement.Buffer, batch) + Piece - 1) / Piece;
                Assert.InRange(last, first, (start == 0 ? end : end + layout.GradientLength + Piece - 1) / Piece);
                _places.Add(placement.Buffer.Name, (first, last));
            }
        }

        _zeros = [.. AllKernels.Where(kernel => kernel is ConvolutionParameterGradientKernel or BiasGradientKernel).SelectMany(Lasting).Select(buffer => buffer.Name)];
        _memory = new string?[(end + layout.GradientLength) / Piece + 1];
        foreach (var buffer in AllKernels.SelectMany(AssignLayout.Buffers).Where(IsLasting).Concat(AllKernels.SelectMany(Lasting)).Append(Named(AssignLayout.Rates)))
        {
            Write(buffer);
        }
    }

    /// <summary>The floats of a buffer; what a loss works with is not one for each sample.</summary>
    public static int Length(Buffer buffer, int batch) => buffer.Length(buffer.Name == AssignLayout.Edge ? 1 : batch);

    private KernelProgram Program => _compiled.Program;

    private IEnumerable<Kernel> AllKernels => Kernels(Program);

    /// <summary>The buffers that a step leaves to the next one as they must be.</summary>
    public static HashSet<string> LastingNames(KernelProgram program) =>
        [.. Kernels(program).SelectMany(AssignLayout.Buffers).Where(IsLasting).Concat(Kernels(program).SelectMany(Lasting)).Select(buffer => buffer.Name)];

    private static IEnumerable<Kernel> Kernels(KernelProgram program) => program.Forward.Concat(program.Losses).Concat(program.Backward).Concat(program.Descent).Concat(program.InputGradient);

    private static Buffer Named(string name) => new(name, Storage.Vector, 0, 1);

    /// <summary>A step on one thread, after the caller's rows were copied.</summary>
    public void Step(Objective objective)
    {
        Begin(objective, Program.Descent);
        Run(Program.Constraints);
        Run(Program.Track);
        Read(Named(AssignLayout.Rates), "the optimiser's step");
    }

    /// <summary>Gradients that are asked for.</summary>
    public void Gradients(Objective objective)
    {
        Begin(objective, Program.Backward);
        Run(Program.InputGradient);
        if (Program.InputGradientBuffer is { } rows)
        {
            Read(rows, "CopyInputGradient");
        }
    }

    /// <summary>
    /// A step on several threads. Within a stage one may be at its last kernel while another is at its first, so that no two buffers of a stage may meet.
    /// </summary>
    public void SplitStep(Objective objective)
    {
        Write(Named(AssignLayout.PartialInputs));
        Stage([.. Program.Forward, .. Program.Descent.Where(kernel => kernel is TransposeKernel)]);
        Losses(objective);
        Stage([.. Program.Descent.Where(kernel => kernel is not TransposeKernel && !IsUpdate(kernel))]);
        Stage([.. Program.Descent.Where(IsUpdate)]);
        Stage([.. Program.Constraints]);

        void Stage(IReadOnlyList<Kernel> kernels)
        {
            AreApart(kernels);
            Run(kernels);
        }
    }

    /// <summary>No two of the buffers that kernels touch share memory.</summary>
    private void AreApart(IEnumerable<Kernel> kernels)
    {
        var touched = kernels.SelectMany(AssignLayout.Buffers).Select(Own).OfType<string>().Distinct().ToList();
        for (var i = 0; i < touched.Count; i++)
        {
            var (a, name) = (_places[touched[i]], touched[i]);
            var other = touched.Take(i).FirstOrDefault(each => _places[each] is var b && a.Start < b.End && b.Start < a.End);
            Assert.True(other is null, $"{name} and {other} share memory while both are needed.");
        }
    }

    private static bool IsUpdate(Kernel kernel) => kernel is ProductKernel { Product: Product.WeightGradient } or ConvolutionParameterGradientKernel or BiasGradientKernel;

    private void Begin(Objective objective, IEnumerable<Kernel> back)
    {
        Write(Named(AssignLayout.PartialInputs));
        Run(Program.Forward);
        Losses(objective);
        Run(back);
    }

    private void Losses(Objective objective)
    {
        foreach (var loss in objective.Losses)
        {
            Write(Named(AssignLayout.Edge));
            Run([loss]);
            Read(Named(AssignLayout.Edge), loss.Name);
        }
    }

    private void Run(IEnumerable<Kernel> kernels)
    {
        foreach (var kernel in kernels)
        {
            AreApart([kernel]);
            var (reads, writes) = Of(kernel);
            foreach (var buffer in reads.OfType<Buffer>())
            {
                Read(buffer, kernel.Name);
            }

            // All that a kernel writes is there when it is done, beside what it read until its end.
            foreach (var buffer in writes.OfType<Buffer>().Where(buffer => !IsLasting(buffer) && !Lasting(kernel).Contains(buffer)))
            {
                Write(buffer);
            }

            foreach (var buffer in reads.Concat(writes).OfType<Buffer>())
            {
                Read(buffer, kernel.Name);
            }

            var known = reads.Concat(writes).OfType<Buffer>().Select(Own).ToList();
            Assert.All(AssignLayout.Buffers(kernel).Select(Own).OfType<string>(), name => Assert.Contains(name, known));
        }
    }

    /// <summary>What a kernel takes and what it gives.</summary>
    private static (IReadOnlyList<Buffer?> Reads, IReadOnlyList<Buffer?> Writes) Of(Kernel kernel) => kernel switch
    {
        ProductKernel { Product: Product.Forward } k => ([k.Left], [k.Result, k.Operand]),
        ProductKernel { Product: Product.InputGradient } k => ([k.Left, k.Right, k.Operand], [k.Result]),
        ProductKernel k => ([k.Left, k.Right], []),
        TransposeKernel k => ([], [k.Result]),
        ArrangeKernel k => ([k.Source], [k.Result]),
        ActivationKernel k => ([k.Source], [k.Result]),
        ActivationGradientKernel k => ([k.Operand, k.Gradient], [k.Gradient]),
        PointwiseKernel { Normalization.Figures: Figures.Running } k => ([k.Source, .. Rates(k.Stages)], [k.Result]),
        PointwiseKernel k => ([k.Source, .. Rates(k.Stages)], [k.Result, k.Normalization?.Mean, k.Normalization?.Variance]),
        PointwiseGradientKernel k =>
            ([k.Source, k.Result, k.Gradient, k.Normalization?.Mean, k.Normalization?.Variance, .. Rates(k.Stages)], [k.Gradient, k.GradientMean, k.GradientProduct]),
        ActivityKernel k => ([k.Value, k.Operand, k.Gradient], [k.Gradient]),
        TrackKernel k => ([k.Mean, k.Variance], []),
        LossKernel k => ([k.Output, k.Operand], [k.Gradient]),
        ToImagesKernel k => ([k.Source], [k.Result]),
        FromImagesKernel k => ([k.Source], [k.Result]),
        SliceKernel k => ([k.Source], [k.Result]),
        ConvolutionKernel k => ([k.Source], [k.Result, k.Argument]),
        ConvolutionInputGradientKernel k => ([k.Gradient, k.Operand], [k.Result]),
        ConvolutionParameterGradientKernel k => ([k.Source, k.Gradient, k.Sums, k.OwnWeights, k.OwnBias], []),
        BiasKernel k => ([k.Source], [k.Result, k.Argument]),
        BiasGradientKernel k => ([k.Gradient, k.OwnBias], []),
        PoolKernel k => ([k.Source], [k.Result]),
        PoolGradientKernel k => ([k.Gradient, k.Source, k.Pooled, k.Operand], [k.Result]),
        JoinKernel k => ([.. k.Sources], [k.Result]),
        JoinGradientKernel k => ([k.Gradient, .. k.Others], [k.Result]),
        PenaltyKernel or ConstraintKernel => ([], []),
        _ => throw new InvalidOperationException($"What {kernel.GetType().Name} reads and writes is not known here."),
    };

    private static IEnumerable<Buffer> Rates(IEnumerable<Stage> stages) => stages.OfType<DropoutStage>().Select(stage => stage.Rate);

    /// <summary>The zeros around an image are written by nobody.</summary>
    private static bool IsLasting(Buffer buffer) => buffer.Frame is { HasBorder: true };

    /// <summary>What a kernel finds as the last step left it; panels of which it does not write the columns behind the last feature, at least not at every width.</summary>
    private static IEnumerable<Buffer> Lasting(Kernel kernel)
    {
        Buffer?[] lasting = kernel switch
        {
            ConvolutionParameterGradientKernel k => [k.Sums, k.OwnWeights, k.OwnBias],
            BiasGradientKernel k => [k.OwnBias],
            PointwiseKernel { Normalization.Figures: Figures.Sample } k => [.. Rates(k.Stages), Padded(k.Result)],
            PointwiseKernel { Source.Storage: Storage.Images, Normalization: { Figures: Figures.Batch } figures } k => [.. Rates(k.Stages), Padded(figures.Mean!), Padded(figures.Variance!)],
            PointwiseKernel k => [.. Rates(k.Stages)],
            PointwiseGradientKernel k => [.. Rates(k.Stages)],
            ArrangeKernel k => [Padded(k.Result)],
            ActivationKernel { Function.Kind: compiler::NetGen.Activation.Softmax } k => [Padded(k.Result)],
            FromImagesKernel k => [Padded(k.Result)],
            SliceKernel k => [Padded(k.Result)],
            JoinKernel { Joining: Joining.Concat } k => [Padded(k.Result)],
            ProductKernel { Product: Product.Forward, Result.Columns: 1 } k => [k.Result, k.Operand],
            LossKernel k => [Padded(k.Gradient)],
            _ => [],
        };
        return lasting.OfType<Buffer>();
        static Buffer? Padded(Buffer buffer) => buffer is { Storage: Storage.Panels or Storage.Vector } && buffer.Columns % Piece != 0 ? buffer : null;
    }

    /// <summary>The name under which a buffer stands in this memory; null for parameters, which stand elsewhere.</summary>
    private string? Own(Buffer buffer)
    {
        var name = buffer.Name == Program.Input.Name ? AssignLayout.PartialInputs : buffer.Name;
        return _places.ContainsKey(name) ? name
            : Program.Tensors.Concat(Program.States).Any(tensor => tensor.Buffer.Name == name) || name == AssignLayout.Rates ? null
            : throw new InvalidOperationException($"{name} has no place.");
    }

    /// <summary>What stands where a buffer is: sums are zeros like all others when nobody works with them.</summary>
    private string Content(string name) => _zeros.Contains(name) ? "zeros" : name;

    private void Write(Buffer buffer)
    {
        if (Own(buffer) is { } name)
        {
            var (start, end) = _places[name];
            Array.Fill(_memory, Content(name), start, end - start);
        }
    }

    private void Read(Buffer buffer, string kernel)
    {
        if (Own(buffer) is not { } name)
        {
            return;
        }

        var (start, end) = _places[name];
        for (var piece = start; piece < end; piece++)
        {
            Assert.True(_memory[piece] == Content(name), string.Create(
                CultureInfo.InvariantCulture, $"{kernel} needs {name}, but at {piece * Piece} is {_memory[piece] ?? "nothing"}."));
        }
    }
}
