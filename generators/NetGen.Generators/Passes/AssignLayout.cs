using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>Where a buffer starts, in floats from the start of its block.</summary>
internal sealed record Placement(Buffer Buffer, int Offset);

/// <summary>
/// Where everything lies. A network has one block: the parameters, then what training works with. Predictions work in scratch
/// blocks of their own, so that many may run at once; gradients that are asked for have a block like the network's parameters.
/// </summary>
/// <param name="Parameters">The parameters, at the start of the network's block and of a gradient block.</param>
/// <param name="ParameterLength">The floats of all parameters.</param>
/// <param name="Gradient">Where a step sums up the parameters' gradients in the network's block, laid out as they; 0 where it does not.</param>
/// <param name="States">What no gradient reaches, in the network's block.</param>
/// <param name="Training">What a step works with, in the network's block, in places that buffers may share which are not needed at once.</param>
/// <param name="BlockLength">The floats of the network's block.</param>
/// <param name="Prediction">What a prediction works with, in a scratch block.</param>
/// <param name="PredictionLength">The floats of a scratch block.</param>
/// <param name="PredictionRows">The samples that go through the network together.</param>
/// <param name="Single">What a prediction of one sample works with, on the stack.</param>
/// <param name="SingleLength">The floats of that; 0 where they are too many for the stack.</param>
/// <param name="Planes">What a prediction of one sample with images works with, in a scratch block.</param>
/// <param name="FewSamples">Up to so many samples with images run one by one; 0 where they never do.</param>
/// <param name="ByteRows">The samples that are converted from bytes together for a prediction; 0 where inputs are never bytes.</param>
/// <param name="Gradients">What only the inputs' gradient needs, in a gradient block.</param>
/// <param name="GradientLength">The floats of a gradient block.</param>
internal sealed record Layout(
    EquatableArray<Placement> Parameters,
    int ParameterLength,
    int Gradient,
    EquatableArray<Placement> States,
    EquatableArray<Placement> Training,
    int BlockLength,
    EquatableArray<Placement> Prediction,
    int PredictionLength,
    int PredictionRows,
    EquatableArray<Placement> Single,
    int SingleLength,
    EquatableArray<Placement> Planes,
    int FewSamples,
    int ByteRows,
    EquatableArray<Placement> Gradients,
    int GradientLength)
{
    /// <summary>How far each of what the optimiser keeps is from its parameter: in blocks laid out as the parameters, behind these.</summary>
    public int State(int index) => (1 + index) * ParameterLength;
}

/// <summary>Gives every buffer its place. Each starts on a cache line.</summary>
internal static class AssignLayout
{
    /// <summary>The rows of a batch that is padded when it is not full, as the caller gave them.</summary>
    public const string PartialInputs = "partialInputs";

    /// <summary>Inputs of a prediction that were bytes.</summary>
    public const string ByteInputs = "byteInputs";

    /// <summary>What a loss works with: room for reading whole vectors at the end of the targets, labels, a turned block.</summary>
    public const string Edge = "edge";

    /// <summary>What the optimiser's formula needs of a step, for all parameters.</summary>
    public const string Rates = "rates";

    /// <summary>What predictions keep in the second-level cache.</summary>
    private const int CacheFloats = 128 * 1024 / sizeof(float);

    /// <summary>What a prediction of one sample may take from the stack, which is cleared before it is used.</summary>
    private const int MostFloatsOnStack = 512;

    public static Layout Run(KernelProgram program, StepSplit? split)
    {
        var parameters = new Block();
        foreach (var tensor in program.Tensors)
        {
            parameters.Add(tensor.Buffer, 0);
        }

        var states = program.Declaration.Train is { } trained ? OptimizerRules.State(trained.Settings).Count : 0;
        var gradient = program.Update == UpdatePlace.AfterAll ? parameters.Length * (1 + states) : 0;
        var figures = new Block(parameters.Length * (1 + states) + (gradient == 0 ? 0 : parameters.Length));
        foreach (var state in program.States)
        {
            figures.Add(state.Buffer, 0);
        }

        List<(Buffer Buffer, int Length)> training = [], onlyForInputs = [];
        if (program.Declaration.Train is { } train)
        {
            void Add(List<(Buffer Buffer, int Length)> buffers, Buffer buffer, int samples) => buffers.Add((buffer, Buffer.RoundUp(buffer.Length(samples), 16)));
            if (program.Update != UpdatePlace.Added)
            {
                Add(training, new Buffer(Rates, Storage.Vector, 0, 16), 1);
            }

            var own = new HashSet<string>(program.Tensors.Concat(program.States).Select(t => t.Buffer.Name)) { program.Input.Name };
            foreach (var buffer in program.Forward.Concat(program.Losses).Concat(program.Backward).Concat(program.Descent).Concat(program.Track).SelectMany(Buffers).Where(b => own.Add(b.Name)))
            {
                Add(training, buffer, train.BatchSize);
            }

            Add(training, program.Input with { Name = PartialInputs }, train.BatchSize);
            var edge = program.Losses.Max(loss => Math.Max(
                Math.Max(loss.Output.PaddedColumns, LossRules.Scratch(train.BatchSize)), loss.IsOfPairs ? LossRules.PairScratch(train.BatchSize, loss.TargetColumns) : 0));
            Add(training, new Buffer(Edge, Storage.RowMajor, 0, program.IsNarrow ? Math.Max(edge, train.BatchSize * program.Output.Columns) : edge), 1);
            foreach (var buffer in program.InputGradient.SelectMany(Buffers).Where(b => own.Add(b.Name)))
            {
                Add(onlyForInputs, buffer, train.BatchSize);
            }
        }

        var lifetimes = Lifetimes.Of(program, split);
        var (step, blockLength) = lifetimes.Place(training, figures.Length);
        var (gradients, gradientLength) = lifetimes.Place(onlyForInputs, parameters.Length);

        var rows = PredictionRows(program);
        var folded = Folded(program);
        var (prediction, length) = PlacePrediction(program, rows);
        var byteRows = program.Declaration.Inputs.Any(input => input.Bytes is not null) ? ByteRows(program, rows) : 0;
        if (byteRows > 0)
        {
            length = Buffer.RoundUp(length, 16);
            var inputs = program.Input with { Name = ByteInputs };
            prediction = prediction.Append(new Placement(inputs, length)).ToEquatableArray();
            length = checked(length + inputs.Length(byteRows));
        }

        var few = PlanarRules.FewSamples(program);
        var planes = EquatableArray<Placement>.Empty;
        if (few > 0)
        {
            // Behind what many samples use: the frames of planes must stay zero too.
            var (placed, planar) = PlacePrediction(program, 1, isPlanar: true);
            var start = Buffer.RoundUp(length, 16);
            planes = placed.Select(p => p with { Offset = p.Offset + start }).Concat(prediction.Where(p => folded.Contains(p.Buffer.Name))).ToEquatableArray();
            length = checked(start + planar);
        }

        var (single, singleLength) = PlacePrediction(program, 1);
        return new Layout(
            parameters.Placements,
            parameters.Length,
            gradient,
            figures.Placements,
            step,
            blockLength,
            prediction,
            length,
            rows,
            single,
            singleLength <= MostFloatsOnStack && !HasImages(program) ? singleLength : 0,
            planes,
            few,
            byteRows,
            gradients,
            gradientLength);
    }

    /// <summary>
    /// So many samples that the weights, which pass by once for each group, do not count; so few that the widest layer's values
    /// stay in the second-level cache.
    /// </summary>
    private static int PredictionRows(KernelProgram program)
    {
        if (HasImages(program))
        {
            return Frame.Samples; // a sample a lane: as few as fill the lanes, for images are large
        }

        var widest = program.Prediction.SelectMany(Buffers).Where(b => b.Storage == Storage.Panels).Select(b => b.PaddedColumns).DefaultIfEmpty(1).Max();
        var tile = PredictionTile(program);
        return tile * Math.Max(1, Math.Min(128, Math.Max(32, CacheFloats / widest)) / tile);
    }

    public static bool HasImages(KernelProgram program) => program.Prediction.SelectMany(Buffers).Any(b => b.Storage == Storage.Images);

    private static int PredictionTile(KernelProgram program) => program.Declaration.Train is { BatchSize: var batch } ? Tiles.Main(batch, 12) : 8;

    /// <summary>So few samples that their numbers are still in the second-level cache when the first layer reads them.</summary>
    private static int ByteRows(KernelProgram program, int predictionRows)
    {
        var tile = Math.Min(predictionRows, PredictionTile(program));
        return Math.Min(predictionRows, tile * Math.Max(1, CacheFloats / program.Input.Columns / tile));
    }

    /// <summary>
    /// A prediction needs each value only until the last kernel that reads it has run; then its place is free for another. The values of
    /// layers in a row thus take turns in two places. The frame of an image must stay zero, so nothing else goes where it stands; nor where there is
    /// what all groups of samples take.
    /// </summary>
    private static (EquatableArray<Placement> Placements, int Length) PlacePrediction(KernelProgram program, int rows, bool isPlanar = false)
    {
        var kernels = program.Prediction;
        var parameters = new HashSet<string>(program.Tensors.Concat(program.States).Select(t => t.Buffer.Name)) { program.Input.Name };
        var folded = Folded(program);
        if (isPlanar)
        {
            parameters.UnionWith(folded); // they stand where many samples have them
        }

        var lastRead = new Dictionary<string, int> { [program.Output.Name] = kernels.Count };
        for (var i = 0; i < kernels.Count; i++)
        {
            foreach (var buffer in Buffers(kernels[i]).Where(b => !lastRead.TryGetValue(b.Name, out var read) || read < i))
            {
                lastRead[buffer.Name] = i;
            }
        }

        List<(int Length, string? Holds)> places = [];
        List<(Buffer Buffer, int Place)> placed = [];
        for (var i = 0; i < kernels.Count; i++)
        {
            foreach (var buffer in Buffers(kernels[i]).Where(b => !parameters.Contains(b.Name) && placed.All(p => p.Buffer.Name != b.Name)).OrderBy(b => b.Name == Result(kernels[i]).Name ? 0 : 1))
            {
                // Nothing here is turned, so no panels need whole blocks of 16 samples.
                var length = buffer switch
                {
                    { Storage: Storage.Panels } => Buffer.RoundUp(buffer.Columns, Buffer.PanelWidth) * rows,
                    { Storage: Storage.Images, Frame: var images } when isPlanar => Buffer.RoundUp(images!.Group / Frame.Samples, 16) + 2 * Frame.Samples, // vectors reach over the last row's end
                    _ => Buffer.RoundUp(buffer.Length(rows), 16),
                };
                var isKept = buffer.Frame is { HasBorder: true } || folded.Contains(buffer.Name);
                var free = isKept ? -1 : places.FindIndex(place => place.Holds is { } name && lastRead[name] < i);
                free = free < 0 ? places.Count : free;
                if (free == places.Count)
                {
                    places.Add((0, null));
                }

                places[free] = (Math.Max(places[free].Length, length), isKept ? null : buffer.Name);
                placed.Add((buffer, free));
            }
        }

        var starts = new int[places.Count + 1];
        for (var place = 0; place < places.Count; place++)
        {
            starts[place + 1] = checked(starts[place] + places[place].Length);
        }

        return (placed.Select(p => new Placement(p.Buffer, starts[p.Place])).ToEquatableArray(), starts[places.Count]);
    }

    /// <summary>What a kernel writes when predicting.</summary>
    public static Buffer Result(Kernel kernel) => kernel switch
    {
        ProductKernel product => product.Result,
        ActivationKernel activation => activation.Result,
        ArrangeKernel arrange => arrange.Result,
        PointwiseKernel pointwise => pointwise.Result,
        FoldKernel fold => fold.Folded.Scale,
        _ => ImageKernels.Result(kernel) ?? throw new InvalidOperationException($"{kernel.Name} does not run when predicting."),
    };

    /// <summary>The buffers that a kernel touches.</summary>
    public static IEnumerable<Buffer> Buffers(Kernel kernel)
    {
        Buffer?[] buffers = kernel switch
        {
            ProductKernel k => [k.Left, k.Right, k.Result, k.Bias, k.Folded?.Scale, k.Folded?.Shift, k.Operand],
            FoldKernel k => [.. FiguresOf(k.Normalization), k.Bias, k.Folded.Scale, k.Folded.Shift],
            TransposeKernel k => [k.Source, k.Result],
            ArrangeKernel k => [k.Source, k.Result],
            ActivationKernel k => [k.Source, k.Result],
            ActivationGradientKernel k => [k.Operand, k.Gradient],
            PointwiseKernel k => [k.Source, .. FiguresOf(k.Normalization), .. RatesOf(k.Stages), k.Result],
            PointwiseGradientKernel k =>
            [
                k.Source, k.Result, k.Normalization?.Weight, k.Normalization?.Bias, k.Normalization?.Mean, k.Normalization?.Variance,
                k.GradientMean, k.GradientProduct, .. RatesOf(k.Stages), k.Gradient,
            ],
            PenaltyKernel k => [k.Parameter],
            ActivityKernel k => [k.Value, k.Operand, k.Gradient],
            ConstraintKernel k => [k.Weights],
            TrackKernel k => [k.Mean, k.Variance, k.RunningMean, k.RunningVariance],
            LossKernel k => [k.Output, k.Gradient, k.Operand],
            _ => [.. ImageKernels.Buffers(kernel) ?? throw new InvalidOperationException(kernel.GetType().Name)],
        };
        return buffers.Where(b => b is not null).Select(b => b!);
    }

    /// <summary>What is computed once in a call, and is there for all samples.</summary>
    private static HashSet<string> Folded(KernelProgram program) =>
        new(program.Prediction.OfType<FoldKernel>().SelectMany(k => new[] { k.Folded.Scale.Name, k.Folded.Shift.Name }));

    private static IEnumerable<Buffer> FiguresOf(Normalization? normalization) => normalization?.Buffers ?? [];

    private static IEnumerable<Buffer> RatesOf(IEnumerable<Stage> stages) => stages.OfType<DropoutStage>().Select(stage => stage.Rate);

    private sealed class Block(int start = 0)
    {
        private readonly List<Placement> _placements = [];

        public int Length { get; private set; } = start;

        public EquatableArray<Placement> Placements => _placements.ToEquatableArray();

        public void Add(Buffer buffer, int samples)
        {
            _placements.Add(new Placement(buffer, Length));
            Length = checked(Length + Buffer.RoundUp(buffer.Length(samples), 16));
        }
    }
}
