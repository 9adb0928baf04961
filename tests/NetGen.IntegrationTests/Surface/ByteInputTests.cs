using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>Bytes give the same bits as the numbers for which they stand, whichever way they come.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ByteInputTests
{
    private const double Scale = 1 / 255.0;
    private const double Offset = -0.4242;

    public static TheoryData<string, Loss, int> Nets { get; } = new()
    {
        { "1-1", Loss.HalfSquaredError, 1 },
        { "15-17:Tanh-5", Loss.SoftmaxCrossEntropy, 9 },
        { "784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, 10 },
        { "33-40:ReLU-1", Loss.SigmoidCrossEntropy, 13 },
    };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Predict_OfBytes_GivesTheBitsOfNumbers(string net, Loss loss, int batch)
    {
        var network = Network(net, loss, batch);
        var takesBytes = Assert.IsAssignableFrom<IByteInputNetwork>(network);
        Assert.Equal(((float)Scale, (float)Offset), (takesBytes.Scale, takesBytes.Offset));
        foreach (var samples in (int[])[0, 1, 2, 8, 33, 41, 121, 300])
        {
            var bytes = ByteSteps.Bytes(samples * network.InputSize, seed: samples);
            var outputs = new float[samples * network.OutputSize];
            takesBytes.Predict(bytes, outputs);
            Near.SameBits(network.Predict(ByteSteps.Numbers(bytes, Scale, Offset)), outputs, $"{samples} predictions");
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void TrainBatch_OnBytes_GivesTheBitsOfNumbers(string net, Loss loss, int batch)
    {
        var (onBytes, onNumbers) = (Network(net, loss, batch), Network(net, loss, batch));
        var steps = new ByteSteps(onBytes);
        for (var step = 0; step < 6; step++)
        {
            // A full batch, then a part of one after it: no row of the full one may be left.
            var samples = step % 2 == 0 ? batch : (batch + 1) / 2;
            var bytes = ByteSteps.Bytes(samples * onBytes.InputSize, seed: step);
            var numbers = ByteSteps.Numbers(bytes, Scale, Offset);
            if (onNumbers is IClassifierNetwork classifier && step >= 3)
            {
                var labels = TestData.Labels(samples, onBytes.OutputSize, seed: step);
                Assert.Equal(classifier.TrainBatch(numbers, labels), steps.OnLabels!(bytes, labels));
            }
            else
            {
                var targets = TestData.Targets(loss, samples, onBytes.OutputSize, seed: step);
                Assert.Equal(onNumbers.TrainBatch(numbers, targets), steps.OnTargets(bytes, targets));
            }
        }

        Near.SameBits(onNumbers.AllParameters(), onBytes.AllParameters(), "parameters");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_OnBytes_GivesTheBitsOfNumbersAndOfSteps(bool labels)
    {
        // 61 samples in steps of 8: the last one is not full. The data's own scale counts, not the network's.
        const int Samples = 61, Inputs = 20, Classes = 3;
        var bytes = ByteSteps.Bytes(Samples * Inputs, seed: 1);
        var classes = TestData.Labels(Samples, Classes, seed: 2);
        var data = new Dataset(bytes, Inputs, classes, Classes, 0.01f, 0.5f);
        var numbers = new Dataset(ByteSteps.Numbers(bytes, 0.01f, 0.5f), Inputs, classes, Classes);
        (data, numbers) = labels ? (data, numbers) : (data.OneHot(), numbers.OneHot());
        var networks = Enumerable.Range(0, 3).Select(_ => (IClassifierNetwork)Network("20-24:Tanh-3", Loss.SoftmaxCrossEntropy, 8)).ToArray();
        networks[0].Fit(data, epochs: 2, seed: 3, cancellationToken: TestContext.Current.CancellationToken);
        networks[1].Fit(numbers, epochs: 2, seed: 3, cancellationToken: TestContext.Current.CancellationToken);
        Near.SameBits(networks[1].AllParameters(), networks[0].AllParameters(), "parameters");
        new Wrapped(networks[2]).Fit(data, epochs: 2, seed: 3, cancellationToken: TestContext.Current.CancellationToken);
        Near.SameBits(networks[2].AllParameters(), networks[0].AllParameters(), "parameters after bare steps");
        Assert.Equal(networks[1].Evaluate(numbers).Loss, networks[0].Evaluate(data).Loss);
    }

    [Fact]
    public void Fit_NetworkWithoutBytes_TakesDataOfBytes()
    {
        var spec = NetSpec.Of("64-16:ReLU-10", Loss.SoftmaxCrossEntropy, 16);
        var digits = Digits.Load();
        var numbers = new Dataset(digits.Inputs.ToArray(), 64, digits.Labels.ToArray(), 10);
        var (onBytes, onNumbers) = (Harness.Trainable(spec), Harness.Trainable(spec));
        Assert.False(onBytes is IByteInputNetwork);
        onBytes.Fit(digits, epochs: 2, cancellationToken: TestContext.Current.CancellationToken);
        onNumbers.Fit(numbers, epochs: 2, cancellationToken: TestContext.Current.CancellationToken);
        Near.SameBits(onNumbers.AllParameters(), onBytes.AllParameters(), "parameters");
    }

    [Fact]
    public void Fit_WhileAnotherTrains_IsRefusedAndUnlocks()
    {
        var network = Network("4-3", Loss.HalfSquaredError, 2);
        var rows = new Busy(network);
        var target = (CompilerServices.ITrainsOnRows<float>)network;
        Assert.Throws<InvalidOperationException>(() => { target.TrainRows(rows, new float[6]); });
        Assert.True(float.IsFinite(network.TrainBatch(new float[8], new float[6])));
    }

    [Theory]
    [InlineData(5, 3, "inputs")]
    [InlineData(4, 2, "outputs")]
    [InlineData(0, 3, "outputs")]
    public void Predict_OfWrongLengths_NamesThem(int inputs, int outputs, string argument)
    {
        var network = (IByteInputNetwork)Network("4-3", Loss.HalfSquaredError, 2);
        Assert.Throws<ArgumentException>(argument, () => network.Predict(new byte[inputs], new float[outputs]));
    }

    [Fact]
    public void Predict_OntoItsInputs_IsRefused()
    {
        var network = (IByteInputNetwork)Network("4-3", Loss.HalfSquaredError, 2);
        var memory = new float[3];
        Assert.Throws<ArgumentException>(
            "outputs", () => network.Predict(System.Runtime.InteropServices.MemoryMarshal.AsBytes(memory.AsSpan())[..4], memory));
    }

    [Theory]
    [InlineData(5, 3, "inputs")]
    [InlineData(0, 0, "inputs")]
    [InlineData(12, 9, "inputs")]
    [InlineData(8, 3, "targets")]
    public void TrainBatch_OfWrongLengths_NamesThemAndChangesNothing(int inputs, int targets, string argument)
    {
        var network = Network("4-3", Loss.HalfSquaredError, 2);
        var before = network.AllParameters();
        Assert.Throws<ArgumentException>(argument, () => { new ByteSteps(network).OnTargets(new byte[inputs], new float[targets]); });
        Near.SameBits(before, network.AllParameters(), "parameters");
    }

    private static ITrainableNetwork Network(string net, Loss loss, int batch) =>
        Harness.Trainable(NetSpec.Of(net, loss, batch) with { Bytes = (Scale, Offset) }, seed: 1);

    /// <summary>Rows that train the network while they are copied into it.</summary>
    private sealed class Busy(ITrainableNetwork network) : CompilerServices.IBatchRows
    {
        public int Count => 2;

        public void CopyTo(Span<float> into) => network.TrainBatch(new float[8], new float[6]);
    }

    /// <summary>A network as others write them: what generated ones do beyond the contract is not there.</summary>
    private sealed class Wrapped(IClassifierNetwork network) : IClassifierNetwork
    {
        public int InputSize => network.InputSize;

        public int OutputSize => network.OutputSize;

        public int ParameterCount => network.ParameterCount;

        public string Summary => network.Summary;

        public IReadOnlyList<NetworkNode> Nodes => network.Nodes;

        public IReadOnlyList<Parameter> Parameters => network.Parameters;

        public IReadOnlyList<Parameter> Buffers => network.Buffers;

        public IReadOnlyList<Parameter> OptimizerState => network.OptimizerState;

        public long StepCount { get => network.StepCount; set => network.StepCount = value; }

        public int Seed { get => network.Seed; set => network.Seed = value; }

        public int BatchSize => network.BatchSize;

        public Loss Loss => network.Loss;

        public float LearningRate { get => network.LearningRate; set => network.LearningRate = value; }

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

        public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets) => network.TrainBatch(inputs, targets);

        public float TrainBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels) => network.TrainBatch(inputs, labels);

        public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Gradients into) => network.ComputeGradients(inputs, targets, into);

        public float ComputeGradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Gradients into) => network.ComputeGradients(inputs, labels, into);

        public Gradients CreateGradients() => network.CreateGradients();

        public float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets) => network.ComputeLoss(outputs, targets);

        public float ComputeLoss(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels) => network.ComputeLoss(outputs, labels);
    }
}
