using System.Globalization;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NetGen.IntegrationTests.Reference;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>The error bounds that docs/elementwise.md and the generated functions state, over the whole range of float.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class ElementwiseErrorTests
{
    /// <summary>Without it the rounding error of a square cannot be had, which GELU puts back.</summary>
    private static bool HasFma => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>For each function: the largest relative error, and the absolute error that is let pass where a result is tiny or 0.</summary>
    public static TheoryData<Activation, double, double> ValueBounds { get; } = new()
    {
        { Activation.Sigmoid, 1.5e-7, 3e-39 },
        { Activation.Tanh, 1.5e-7, 0 },
        { Activation.ELU, 1.5e-7, 0 },
        { Activation.SELU, 1.8e-7, 2e-45 },
        { Activation.GELU, HasFma ? 6e-7 : 5e-6, 4e-39 },
        { Activation.SiLU, 1.8e-7, 2.7e-37 },
        { Activation.Softplus, 2e-7, 9e-39 },
        { Activation.Softsign, 1.3e-7, 0 },
    };

    /// <summary>The same of slopes. Those with no relative bound are computed from the rounded result or have a zero: their error is absolute.</summary>
    public static TheoryData<Activation, double, double> SlopeBounds { get; } = new()
    {
        { Activation.Sigmoid, 0, 1e-7 },
        { Activation.Tanh, 0, 1.3e-7 },
        { Activation.ELU, 0, 6e-8 },
        { Activation.SELU, 0, 1.5e-7 },
        { Activation.GELU, 0, 3e-7 },
        { Activation.SiLU, 0, 2e-7 },
        { Activation.Softplus, 2.2e-7, 9e-39 },
        { Activation.Softsign, 0, 1.2e-7 },
    };

    /// <summary>f(−∞), f(∞), f'(−∞), f'(∞).</summary>
    public static TheoryData<Activation, float, float, float, float> Limits { get; } = new()
    {
        { Activation.Sigmoid, 0, 1, 0, 0 },
        { Activation.Tanh, -1, 1, 0, 0 },
        { Activation.ReLU, 0, float.PositiveInfinity, 0, 1 },
        { Activation.ELU, -1, float.PositiveInfinity, 0, 1 },
        { Activation.SELU, -1.7580993f, float.PositiveInfinity, 0, 1.050701f },
        { Activation.GELU, 0, float.PositiveInfinity, 0, 1 },
        { Activation.SiLU, 0, float.PositiveInfinity, 0, 1 },
        { Activation.Softplus, 0, float.PositiveInfinity, 0, 1 },
        { Activation.Softsign, -1, 1, 0, 0 },
        { Activation.HardSigmoid, 0, 1, 0, 0 },
        { Activation.ReLU6, 0, 6, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(ValueBounds))]
    public void Value_OfAllFloats_IsWithinItsBound(Activation kind, double relative, double absolute)
    {
        var function = new FunctionSpec(kind);
        Check($"{kind}", ElementwiseFunctions.Values(kind), z => ReferenceFunctions.Value(function, z), relative, absolute);
    }

    [Theory]
    [MemberData(nameof(SlopeBounds))]
    public void Slope_OfAllFloats_IsWithinItsBound(Activation kind, double relative, double absolute)
    {
        var function = new FunctionSpec(kind);
        Check($"{kind}'", ElementwiseFunctions.Slopes(kind), z => ReferenceFunctions.Slope(function, z), relative, absolute);
    }

    [Fact]
    public void Exp_OfAllFloats_IsWithinItsBound() =>
        Check("exp", ElementwiseFunctions.Helper("Exp", FloatSweep.Points), Math.Exp, 1e-7, 1.7e-38);

    [Theory]
    [InlineData("ExpOfNegative", 1e-7, 9e-39)]
    [InlineData("ExpMinusOne", 1.5e-7, 0)]
    public void Exp_OfNegativeFloats_IsWithinItsBound(string name, double relative, double absolute)
    {
        var points = FloatSweep.Points.ToArray();
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = -Math.Abs(points[i]);
        }

        Func<double, double> function = name == "ExpMinusOne" ? ReferenceFunctions.ExpM1 : Math.Exp;
        Check(name, ElementwiseFunctions.Helper(name, points), function, relative, absolute, points);
    }

    [Fact]
    public void Log_OfPositiveNormalFloats_IsWithinItsBound()
    {
        var points = FloatSweep.Points.ToArray();
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = points[i] >= 1.17549435E-38f ? points[i] : 1;
        }

        Check("log", ElementwiseFunctions.Helper("Log", points), Math.Log, 1e-7, 0, points);
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void ValueAndSlope_AtInfinities_AreTheLimits(Activation kind, float left, float right, float leftSlope, float rightSlope)
    {
        float[] points = [float.NegativeInfinity, float.PositiveInfinity];
        Assert.Equal([left, right], ElementwiseFunctions.Values(kind, points)[..2]);
        Assert.Equal([leftSlope, rightSlope], ElementwiseFunctions.Slopes(kind, points)[..2]);
    }

    [Theory]
    [MemberData(nameof(ActivationPointTests.Elementwise), MemberType = typeof(ActivationPointTests))]
    public void Value_OfNaN_IsNaN(Activation kind) =>
        Assert.All(ElementwiseFunctions.Values(kind, [float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF), -float.NaN])[..3], v => Assert.True(float.IsNaN(v)));

    [Theory]
    [MemberData(nameof(ValueBounds))]
    public void Slope_OfNaN_IsNaN(Activation kind, double relative, double absolute)
    {
        _ = (relative, absolute);
        Assert.True(float.IsNaN(ElementwiseFunctions.Slopes(kind, [float.NaN])[0]));
    }

    /// <summary>The reference itself, against tables of the normal distribution.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-1, 0.15865525393145705)]
    [InlineData(-2, 0.022750131948179207)]
    [InlineData(-3, 0.0013498980316300945)]
    [InlineData(-5, 2.866515718791939e-07)]
    [InlineData(-6, 9.865876450376981e-10)]
    [InlineData(-10, 7.61985302416052e-24)]
    public void ReferencePhi_AtKnownPoints_IsTheNormalDistribution(double z, double expected) =>
        Assert.Equal(1, ReferenceFunctions.Phi(z) / expected, 1e-11);

    /// <summary>What the documentation states is what is tested here.</summary>
    [Fact]
    public void Documentation_StatesTheseBounds()
    {
        Assert.SkipUnless(HasFma, "The documentation states the bounds with FMA.");
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "elementwise.md"));
        foreach (var ((kind, relative, absolute), (_, slopeRelative, slopeAbsolute)) in ValueBounds.Select(r => r.Data).Zip(SlopeBounds.Select(r => r.Data)))
        {
            var bounds = string.Join(" | ", ((double[])[relative, absolute, slopeRelative, slopeAbsolute]).Select(Text));
            Assert.Contains(lines, line => line.StartsWith($"| {kind} ", StringComparison.Ordinal) && line.Contains($"| {bounds} |", StringComparison.Ordinal));
        }

        static string Text(double bound) =>
            bound == 0 ? "–" : bound.ToString("0.#e-0", CultureInfo.InvariantCulture);
    }

    private static void Check(
        string name, ReadOnlySpan<float> actual, Func<double, double> function, double relative, double absolute, ReadOnlySpan<float> points = default)
    {
        points = points.IsEmpty ? FloatSweep.Points : points;
        Assert.Equal(points.Length, actual.Length);
        var (wrong, worst, worstError) = (0, -1, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            var expected = function(points[i]);
            var error = float.IsInfinity((float)expected) && actual[i] == (float)expected ? 0 : Math.Abs(actual[i] - expected);
            if (!(error <= absolute || error <= relative * Math.Abs(expected)))
            {
                wrong++;
                var size = relative > 0 ? error / Math.Abs(expected) : error;
                (worst, worstError) = worst < 0 || !(size <= worstError) ? (i, size) : (worst, worstError);
            }
        }

        Assert.True(wrong == 0, wrong == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {wrong} of {actual.Length} exceed the bound; worst at {points[worst]:R}: {actual[worst]:R} for {function(points[worst]):R}, error {worstError:G3}."));
    }
}
