using NetGen.IntegrationTests.Reference;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Activations and their slopes at chosen points: at kinks (as PyTorch takes them), near 0, and far out where a formula could overflow.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ActivationPointTests
{
    private static readonly float[] Points =
    [
        0f, -0f, 1e-30f, -1e-30f, 1e-6f, -1e-6f, 1e-3f, -1e-3f, 0.1f, -0.1f, 0.5f, -0.5f, 1f, -1f, 2f, -2f, 2.999f, -2.999f, 3f, -3f, 3.001f,
        -3.001f, 5.999f, 6f, 6.001f, -6f, 9f, -9f, 12.5f, -12.5f, 20f, -20f, 40f, -40f, 87f, -87f, 89f, -89f, 104f, -104f, 500f, -500f, 1e6f, -1e6f,
    ];

    public static TheoryData<Activation> Elementwise { get; } = [.. Enum.GetValues<Activation>().Where(a => a is not (Activation.Softmax or Activation.Custom))];

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Activation_AtPoints_IsTheFunction(Activation kind)
    {
        var network = Harness.Network(NetSpec.Of($"{Points.Length}-{kind}-1"));
        var function = new FunctionSpec(kind);
        for (var i = 0; i < Points.Length; i++)
        {
            // One weight of 1 lets one function through.
            network.Parameters[0].CopyFrom([.. Points.Select((_, j) => j == i ? 1f : 0f)]);
            network.Parameters[1].CopyFrom([0f]);
            var expected = ReferenceFunctions.Value(function, Points[i]);
            Near.Each([expected], network.Predict(Points), $"{kind}({Points[i]:R})", e => 2e-6 * Math.Abs(e) + 2e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Slope_AtPoints_IsTheDerivative(Activation kind)
    {
        var network = Harness.Trainable(NetSpec.Of($"{Points.Length}-{kind}-1", Loss.MeanAbsoluteError));
        network.Parameters[0].CopyFrom([.. Points.Select(_ => 1f)]);
        var gradients = network.CreateGradients();

        // The loss |y − t| has the slope 1 above its target: the input's gradient is the activation's slope.
        network.ComputeGradients(Points, [-1e30f], gradients);
        var function = new FunctionSpec(kind);
        for (var i = 0; i < Points.Length; i++)
        {
            var expected = ReferenceFunctions.Slope(function, Points[i]);
            Near.Each([expected], gradients.Inputs.Slice(i, 1), $"{kind}'({Points[i]:R})", e => 3e-6 * Math.Abs(e) + 4e-7);
        }
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    [InlineData(88f)]
    [InlineData(0f)]
    public void Softmax_OfFarApartOrEqualInputs_IsFiniteAndSumsToOne(float far)
    {
        var network = Harness.Network(NetSpec.Of("20-Softmax-20"));
        network.Parameters[0].CopyFrom(Identity(20));
        network.Parameters[1].CopyFrom(new float[20]);
        var x = TestData.Inputs(1, 20, seed: 1);
        x[7] = far;
        var expected = new double[20];
        ReferenceFunctions.Softmax(TestData.ToDoubles(x), expected);
        Near.Each(expected, network.Predict(x), "softmax", e => 2e-6 * e + 1e-30);
    }

    [Theory]
    [InlineData(Loss.SoftmaxCrossEntropy)]
    [InlineData(Loss.SigmoidCrossEntropy)]
    public void CrossEntropy_OfHugeLogits_IsFinite(Loss loss)
    {
        var network = Harness.Trainable(NetSpec.Of("3-3", loss, batch: 2));
        network.Parameters[0].CopyFrom(Identity(3));
        network.Parameters[1].CopyFrom(new float[3]);
        float[] x = [500, -500, 0, -1000, 1000, 30];
        float[] t = [0, 1, 0, 1, 0, 0];
        var reference = network.ToReference(NetSpec.Of("3-3", loss));
        var gradients = network.CreateGradients();
        Near.Single(reference.ComputeLoss(reference.Predict(TestData.ToDoubles(x)), TestData.ToDoubles(t)), network.ComputeGradients(x, t, gradients), "loss");
        Near.Single(reference.ComputeGradients(TestData.ToDoubles(x), TestData.ToDoubles(t)).Inputs, gradients.Inputs, "input gradient");
    }

    private static float[] Identity(int size)
    {
        var matrix = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            matrix[i * size + i] = 1;
        }

        return matrix;
    }
}
