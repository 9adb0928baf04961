using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Branches and joins against the oracle, and what must hold of every graph.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class GraphTests
{
    internal const string LeNet5 = "1x28x28 Conv(6,5,p2):Tanh AvgPool(2) Conv(16,5):Tanh AvgPool(2) Flatten 120:Tanh 84:Tanh 10";

    internal const string Residual =
        "3x9x8 a=Conv(6,3,same,nobias) BatchNorm b=ReLU Conv(6,3,same,nobias) BatchNorm ReLU Conv(6,3,same,nobias) c=BatchNorm Add(c,b) d=ReLU "
        + "Conv(10,3,s2,same,nobias) BatchNorm ReLU Conv(10,3,same,nobias) e=BatchNorm f=Conv(10,1,s2)@d Add(e,f) ReLU GlobalAvgPool 5";

    public static TheoryData<string> Nets { get; } =
    [
        // A shortcut from far away.
        "3x6x5 a=Conv(4,3,same):Tanh Conv(4,3,same):ReLU Conv(4,3,same) b=SiLU Add(b,a) Conv(2,2) Flatten 3",
        "7 a=12:Tanh 12:SiLU 12 b=12 Add(a,b) 3",

        // A gate, the same node twice, and both.
        "2x5x5 a=Conv(3,3):Sigmoid b=Conv(3,3)@input c=Multiply(a,b) Multiply(c,c) Flatten 3",
        "7 a=9:Sigmoid b=9:Tanh@input Multiply(a,b,a) 3",
        "5 Add(input,input) Multiply(input,input,layer1) 3",
        "3x4 a=Conv1(3,1) Add(a,a,a)",

        // Concatenations of images, sequences and features, with themselves too.
        "3x4x5 a=Conv(5,3,same):Tanh b=MaxPool(3,s1,p1)@input c=Conv(17,1)@input Concat(a,b,c,a) Conv(2,2) Flatten 3",
        "3x8 a=Conv1(2,3,p1) Concat(input,a) AvgPool1(2) Flatten 3",
        "5 a=3:Tanh b=16@input Concat(a,input,b) 17:ReLU Concat(layer4,a) 3",
        "3x4x4 a=GlobalAvgPool b=GlobalMaxPool@input c=Flatten@input Concat(b,a,c) 3",

        // Three consumers; an input that several layers take.
        "2x5x4 a=Conv(3,2):Tanh b=Conv(3,1)@a c=MaxPool(1)@a d=GELU@a Add(b,c,d) Flatten 3",
        "6 a=8:SiLU b=8@a c=BatchNorm@a d=Dropout(0.3)@a Add(b,c,d,a) 3",
        "2x5x5 a=Conv(3,3) b=AvgPool(3,s1)@input c=Flatten@input d=4@c Flatten@a Flatten@b Concat(d,layer5,layer6) 3",
        "6 a=Dropout(0.3) b=5@a c=5@input d=GaussianNoise(0.1)@input e=5@d Add(b,c,e) 3",

        // An image at the end, before it a join, a pooling, a normalisation.
        "2x5x5 a=Conv(2,3,same):Tanh Add(a,input)",
        "2x5x5 a=Conv(2,3,same):Tanh Multiply(a,input) Tanh",
        "2x6x6 Concat(input,input) MaxPool(2)",
        "2x4x4 a=Conv(3,3,same) BatchNorm",

        // Softmax inside a branch, functions behind joins, dropout before branches.
        "6 a=7:Softmax b=7@input Multiply(a,b) Softmax 3",
        "2x4x4 Dropout(0.3) a=Conv(2,3,same) b=Dropout(0.2)@layer1 Multiply(a,b) GELU Dropout(0.2) Conv(3,2) Flatten 3",
        "5 a=LayerNorm b=5:Tanh Add(b,input) LayerNorm c=ReLU Add(c,a) 3",
        Residual,
    ];

    public static TheoryData<string> Optimizers => [.. Chosen.Select(optimizer => optimizer.ToString())];

    private static OptimizerSpec[] Chosen { get; } =
    [
        new(Optimizer.Sgd),
        new(Optimizer.Sgd) { Momentum = 0.9 },
        new(Optimizer.Sgd) { Momentum = 0.9, Nesterov = true, ClipNorm = 0.3 },
        new(Optimizer.Adam) { Epsilon = 1e-3 },
        new(Optimizer.AdamW) { Epsilon = 1e-3, WeightDecay = 0.1, ClipNorm = 0.3 },
        new(Optimizer.RMSprop) { Epsilon = 1e-3, ClipValue = 0.01 },
    ];

    [Theory]
    [MemberData(nameof(Nets))]
    public void Network_WithBranches_AgreesWithReference(string net) =>
        Oracle.Agrees(Harness.Trainable(Of(net)), Of(net), seed: 17, batches: [17, 9, 17], predictions: [1, 17], scale: 5);

    /// <summary>A step of momentum, decay and clipping through a normalisation of a few numbers, whose gradients are steep.</summary>
    [Fact]
    public void Step_ThroughLayerNorm_AgreesWithReference()
    {
        var optimizer = new OptimizerSpec(Optimizer.Sgd) { Momentum = 0.5, ClipNorm = 0.5, WeightDecay = 0.01 };
        var spec = GraphText.Of("4 9! 22!:Tanh 6:GELU LayerNorm", Loss.HalfSquaredError, 17, 0.02, optimizer);
        Oracle.Agrees(Harness.Trainable(spec), spec, seed: 127, batches: [17, 9, 17, 17], scale: 10);
    }

    [Fact]
    public void LeNet5_AgreesWithReference() =>
        Oracle.Agrees(GraphText.Of(LeNet5, Loss.SoftmaxCrossEntropy, batch: 10), seed: 3, batches: [10, 3], predictions: [17]);

    /// <summary>Each optimiser's step in the products and, where gradients are clipped together, after all.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Step_OfOptimizer_AgreesWithReference(string optimizer)
    {
        string[] nets =
        [
            "2x6x5 Conv(5,3,s2,p1):Tanh BatchNorm a=Conv(6,2,same,nobias):SiLU b=Conv(6,1) Add(a,b) Flatten 7:Tanh 3",
            "4x9 Conv1(8,3,g2):Tanh a=Conv1(8,3,g8,same) BatchNorm b=ReLU Multiply(b,a) GlobalAvgPool 3",
        ];
        foreach (var net in nets)
        {
            var spec = GraphText.Of(net, Loss.HalfSquaredError, batch: 17, rate: 0.01, Chosen.First(each => each.ToString() == optimizer));
            Oracle.Agrees(Harness.Trainable(spec), spec, seed: 7, batches: [17, 17, 15, 17], predictions: [3], scale: 5);
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Predict_OfManySamples_IsBitForBitPredictOfEach(string net)
    {
        foreach (var spec in (NetSpec[])[GraphText.Of(net), Of(net)])
        {
            var network = Harness.Network(spec).Randomize(seed: 1);
            foreach (var samples in (int[])[1, 2, 15, 16, 17, 40])
            {
                var x = TestData.Inputs(samples, spec.Inputs, seed: samples);
                var together = network.Predict(x);
                for (var n = 0; n < samples; n++)
                {
                    var alone = network.Predict(x.AsSpan(n * spec.Inputs, spec.Inputs).ToArray());
                    Near.SameBits(alone, together.AsSpan(n * spec.Outputs, spec.Outputs), $"sample {n} of {samples}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void ComputeGradients_BeforeAStep_ChangesNothing(string net)
    {
        var spec = Of(net);
        var (watched, other) = (Harness.Trainable(spec).Randomize(seed: 1), Harness.Trainable(spec).Randomize(seed: 1));
        var gradients = watched.CreateGradients();
        for (var step = 0; step < 3; step++)
        {
            var (x, t) = (TestData.Inputs(9, spec.Inputs, seed: step), TestData.Targets(Loss.HalfSquaredError, 9, spec.Outputs, seed: 10 + step));
            watched.ComputeGradients(x, t, gradients);
            watched.ComputeGradients(x[..(4 * spec.Inputs)], t[..(4 * spec.Outputs)], gradients);
            watched.Predict(x);
            watched.TrainBatch(x, t);
            other.TrainBatch(x, t);
        }

        Near.SameBits(other.AllParameters(), watched.AllParameters(), "parameters");
    }

    private static NetSpec Of(string net) => GraphText.Of(net, Loss.HalfSquaredError, batch: 17);
}
