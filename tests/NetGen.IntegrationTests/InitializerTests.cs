using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>How parameters start: the distributions of each initialiser, and what Auto stands for.</summary>
public class InitializerTests
{
    private const int Inputs = 300;
    private const int Outputs = 200;

    public static TheoryData<Initializer, double, bool> Distributions { get; } = new()
    {
        { Initializer.Zeros, 0, false },
        { Initializer.StandardNormal, 1, false },
        { Initializer.LeCunNormal, 1.0 / Inputs, false },
        { Initializer.LeCunUniform, 1.0 / Inputs, true },
        { Initializer.GlorotNormal, 2.0 / (Inputs + Outputs), false },
        { Initializer.GlorotUniform, 2.0 / (Inputs + Outputs), true },
        { Initializer.HeNormal, 2.0 / Inputs, false },
        { Initializer.HeUniform, 2.0 / Inputs, true },
    };

    public static TheoryData<Activation> Activations { get; } = [.. Enum.GetValues<Activation>().Where(a => a != Activation.Custom)];

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Weights_OfInitializer_HaveItsDistribution(Initializer initializer, double variance, bool uniform) =>
        HasDistribution(Start(Activation.Identity, initializer, default)[0].ToArray(), variance, uniform);

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Biases_OfInitializer_HaveItsDistribution(Initializer initializer, double variance, bool uniform)
    {
        // 200 numbers alone are few: gather those of ten seeds.
        var biases = Enumerable.Range(0, 10).SelectMany(seed => Start(Activation.Identity, default, initializer, seed)[1].ToArray());
        HasDistribution([.. biases], variance, uniform);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Weights_ByDefault_SuitTheActivation(Activation activation)
    {
        var expected = activation switch
        {
            Activation.ReLU or Activation.LeakyReLU or Activation.ReLU6 or Activation.ELU or Activation.GELU or Activation.SiLU
                or Activation.Softplus => Initializer.HeNormal,
            Activation.SELU => Initializer.LeCunNormal,
            _ => Initializer.GlorotUniform,
        };
        var parameters = Start(activation, default, default);
        Near.SameBits(Start(activation, expected, default)[0].ToArray(), parameters[0].ToArray(), "weights");
        Assert.All(parameters[1].ToArray(), bias => Assert.Equal(0f, bias));
    }

    private static IReadOnlyList<Parameter> Start(Activation activation, Initializer weights, Initializer biases, int seed = 3) =>
        Harness.Network(new NetSpec(Inputs, [new DenseSpec(Outputs, new FunctionSpec(activation), Weights: weights, Biases: biases)], null), seed).Parameters;

    private static void HasDistribution(float[] values, double variance, bool uniform)
    {
        var mean = values.Average(v => (double)v);
        var second = values.Average(v => (double)v * v);
        var fourth = values.Average(v => (double)v * v * v * v);
        var n = values.Length;
        Assert.InRange(mean, -4 * Math.Sqrt(variance / n), 4 * Math.Sqrt(variance / n));
        Assert.InRange(second, variance * (1 - 6 / Math.Sqrt(n)), variance * (1 + 6 / Math.Sqrt(n)));
        if (uniform)
        {
            var limit = Math.Sqrt(3 * variance) * (1 + 1e-6);
            Assert.All(values, v => Assert.InRange(v, -limit, limit));
        }
        else if (variance > 0)
        {
            // A normal distribution's fourth moment is 3σ⁴, a uniform one's 1.8σ⁴.
            Assert.InRange(fourth / (variance * variance), 2.4, 3.6);
        }
    }
}
