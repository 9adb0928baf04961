using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Nothing is allocated once every call has been made once.</summary>
public class AllocationTests
{
    private const int Rounds = 10;

    [Theory]
    [InlineData("2-5:Sigmoid-2:Sigmoid", Loss.HalfSquaredError, 30)]
    [InlineData("64-32:ReLU-10", Loss.SoftmaxCrossEntropy, 32)]
    [InlineData("784-30:Sigmoid-10:Sigmoid", Loss.HalfSquaredError, 10)]
    [InlineData("20-100:GELU-100:Softmax", Loss.CrossEntropy, 7)]
    [InlineData("500-700:Tanh-300:SELU-1", Loss.Huber, 64)]
    [InlineData("1-1", Loss.MeanSquaredError, 1)]
    [InlineData("20-30:Tanh-7", Loss.SquaredHinge, 9)]
    [InlineData("20-30:Tanh-4", Loss.GaussianNLL, 9)]
    [InlineData("20-30:Tanh-4", Loss.NegativeBinomial, 9)]
    [InlineData("20-Dropout(0.1)-70-BatchNorm-Dropout(0.3)-ReLU-30-LayerNorm-GaussianNoise(0.1)-Tanh-10", Loss.SoftmaxCrossEntropy, 16)]
    public void TrainingAndPrediction_AfterWarmUp_AllocateNothing(string net, Loss loss, int batch)
    {
        var spec = NetSpec.Of(net, loss, batch, rate: 0.001);
        Trainable(spec);
    }

    [Theory]
    [InlineData(GraphTests.LeNet5, Loss.SoftmaxCrossEntropy, 10)]
    [InlineData(GraphTests.Residual, Loss.HalfSquaredError, 17)]
    [InlineData(TransposedTests.Decoder, Loss.HalfSquaredError, 17)]
    [InlineData("3x4x5 Bias GELU ConvT(6,4,s2,p1,nobias) BatchNorm Bias Tanh GlobalAvgPool Bias Softmax Linear(3) Bias", Loss.HalfSquaredError, 5)]
    [InlineData("3x11 Dropout(0.1) a=Conv1(6,3,same):GELU GaussianNoise(0.1) Multiply(layer3,a) b=MaxPool1(2) Concat(b,b) Flatten 3", Loss.HalfSquaredError, 5)]
    public void TrainingAndPrediction_OfGraphs_AllocateNothing(string net, Loss loss, int batch)
    {
        Trainable(GraphText.Of(net, loss, batch, rate: 0.001));
        Trainable(GraphText.Of(net, loss, batch, rate: 0.001, new OptimizerSpec(Optimizer.Adam) { ClipNorm = 1 }));
    }

    [Theory]
    [InlineData("an input of another's shape")]
    [InlineData("a head of every kind")]
    [InlineData("an image among the outputs")]
    public void TrainingAndPrediction_OfSeveralInputsAndOutputs_AllocateNothing(string name) => Trainable(SeveralOutputTests.Nets[name]);

    [Theory]
    [InlineData("40-21:Mish-5", "LogCosh", 12)]
    [InlineData("2-3:Swish-2", "LogCosh", 30)]
    [InlineData("40-21:Root-LayerNorm-5", "Squares", 12)]
    public void TrainingAndPrediction_OnFunctionsOfTheClass_AllocateNothing(string net, string loss, int batch) =>
        Trainable(NetSpec.OfOwnLoss(net, loss, batch, rate: 0.001));

    [Fact]
    public void Training_ByAnyOptimizer_AllocatesNothing()
    {
        foreach (var optimizer in OptimizerTests.All)
        {
            Trainable(OptimizerTests.Spec("7-37:Tanh-3", optimizer.ToString(), 20));
        }
    }

    [Fact]
    public void Training_WithPenaltiesConstraintsAndFrozenLayers_AllocatesNothing()
    {
        foreach (var optimizer in RuleCases.Optimizers.Keys)
        {
            Trainable(RuleCases.Spec(RuleCases.Net, "Everything", optimizer, 20));
            Trainable(RuleCases.Spec("20-Dropout(0.1)-70-BatchNorm-ReLU-3", [(2, new() { ActivityL2 = 0.1 }), (3, new() { Frozen = true })], optimizer, 16));
        }
    }

    [Theory]
    [InlineData("64-32:ReLU-10", 300)]
    [InlineData("2-4:Tanh-2", 20)]
    public void Training_ByAStepWithAllParametersAtOnce_AllocatesNothing(string net, int batch) =>
        Trainable(OptimizerTests.Spec(net, "NAdam", batch));

    private static void Trainable(NetSpec spec)
    {
        var batch = spec.Training!.Batch;
        var network = Harness.Trainable(spec);
        var classifier = network as IClassifierNetwork;
        var gradients = network.CreateGradients();
        foreach (var samples in (int[])[batch, (batch + 1) / 2, 1])
        {
            var x = TestData.Inputs(samples, spec.Inputs, seed: 1);
            var t = spec.Targets(samples, seed: 2);
            var labels = TestData.Labels(samples, spec.Outputs, seed: 3);
            var y = new float[samples * spec.Outputs];
            AllocatesNothing(() => network.TrainBatch(x, t), $"TrainBatch of {samples} samples");
            AllocatesNothing(() => network.ComputeGradients(x, t, gradients), $"ComputeGradients of {samples} samples");
            AllocatesNothing(() => network.ComputeLoss(y, t), $"ComputeLoss of {samples} samples");
            if (classifier is not null)
            {
                AllocatesNothing(() => classifier.TrainBatch(x, labels), $"TrainBatch of {samples} labels");
                AllocatesNothing(() => classifier.ComputeGradients(x, labels, gradients), $"ComputeGradients of {samples} labels");
                AllocatesNothing(() => classifier.ComputeLoss(y, labels), $"ComputeLoss of {samples} labels");
            }
        }

        PredictAllocatesNothing(network);
    }

    [Theory]
    [InlineData("2-5:Sigmoid-2:Sigmoid")]
    [InlineData("784-128:ReLU-10:Softmax")]
    public void Prediction_OfNetWithoutTrain_AllocatesNothing(string net) => PredictAllocatesNothing(Harness.Network(NetSpec.Of(net)));

    [Fact]
    public void StepsAndPredictionsOnBytes_AfterWarmUp_AllocateNothing()
    {
        var spec = NetSpec.Of("64-32:ReLU-10", Loss.SoftmaxCrossEntropy, batch: 32) with { Bytes = (1 / 16.0, 0) };
        var network = Harness.Trainable(spec);
        var steps = new ByteSteps(network);
        foreach (var samples in (int[])[32, 5])
        {
            var x = ByteSteps.Bytes(samples * 64, seed: 1);
            var t = TestData.Targets(Loss.SoftmaxCrossEntropy, samples, 10, seed: 2);
            var labels = TestData.Labels(samples, 10, seed: 3);
            var y = new float[samples * 10];
            AllocatesNothing(() => steps.OnTargets(x, t), $"TrainBatch of {samples} samples of bytes");
            AllocatesNothing(() => steps.OnLabels!(x, labels), $"TrainBatch of {samples} samples of bytes with labels");
            AllocatesNothing(() => ((IByteInputNetwork)network).Predict(x, y), $"Predict of {samples} samples of bytes");
        }
    }

    private static void PredictAllocatesNothing(INetwork network)
    {
        foreach (var samples in (int[])[0, 1, 2, 8, 33, 200])
        {
            var x = TestData.Inputs(samples, network.InputSize, seed: 4);
            var y = new float[samples * network.OutputSize];
            AllocatesNothing(() => network.Predict(x, y), $"Predict of {samples} samples");
        }
    }

    /// <summary>
    /// A garbage collection that another test causes counts what is left of a thread's allocation buffer as allocated, once; a call
    /// that allocates does so every time. So one measurement of 0 bytes is proof.
    /// </summary>
    private static void AllocatesNothing(Action call, string what)
    {
        long allocated = 0;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            call();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < Rounds; round++)
            {
                call();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated == 0)
            {
                return;
            }
        }

        Assert.Fail($"{what} allocated {allocated} bytes in {Rounds} calls.");
    }
}
