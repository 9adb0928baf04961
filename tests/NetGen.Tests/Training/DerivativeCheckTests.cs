namespace NetGen.Tests.Training;

/// <summary>What is found wrong, and what is not.</summary>
public class DerivativeCheckTests
{
    public static TheoryData<string> Right { get; } = [.. RightOnes.Keys];

    public static TheoryData<string> Wrong { get; } = [.. WrongOnes.Keys];

    private static Dictionary<string, (Func<float, float> Function, Func<float, float> Derivative)> RightOnes => new()
    {
        ["square"] = (z => z * z, z => 2 * z),
        ["cube"] = (z => z * z * z, z => 3 * z * z),
        ["exponential"] = (MathF.Exp, MathF.Exp),
        ["tanh"] = (MathF.Tanh, z => 1 - MathF.Tanh(z) * MathF.Tanh(z)),
        ["softplus"] = (z => MathF.Log(1 + MathF.Exp(z)), z => 1 / (1 + MathF.Exp(-z))),
        ["constant"] = (_ => 1e6f, _ => 0),
        ["near a large constant"] = (z => 1000 + z, _ => 1),
        ["ReLU, at 0 the right side's"] = (z => MathF.Max(z, 0), z => z >= 0 ? 1 : 0),
        ["ReLU, at 0 the left side's"] = (z => MathF.Max(z, 0), z => z > 0 ? 1 : 0),
        ["a kink beside a point"] = (z => MathF.Max(z - 0.001f, 0), z => z > 0.001f ? 1 : 0),
        ["a step"] = (z => z > 0 ? 1 : 0, _ => 0),
        ["a logarithm, of positive numbers alone"] = (MathF.Log, z => 1 / z),
    };

    private static Dictionary<string, (Func<float, float> Function, Func<float, float> Derivative)> WrongOnes => new()
    {
        ["a factor"] = (z => z * z, z => z),
        ["one per cent"] = (z => z * z, z => 2.02f * z),
        ["a sign"] = (MathF.Tanh, z => MathF.Tanh(z) * MathF.Tanh(z) - 1),
        ["ReLU without its branch"] = (z => MathF.Max(z, 0), _ => 1),
        ["outside a kink's slopes"] = (z => MathF.Abs(z), z => z > 0 ? 1 : z < 0 ? -1 : 1.1f),
        ["far out alone"] = (z => z < 20 ? z : 20 + 2 * (z - 20), _ => 1),
        ["a forgotten term"] = (z => z / (1 + MathF.Exp(-z)), z => 1 / (1 + MathF.Exp(-z))),
        ["no number"] = (z => z, z => z == 3 ? float.NaN : 1),
        ["infinite"] = (z => z, z => z == 3 ? float.PositiveInfinity : 1),
        ["a function without numbers"] = (_ => float.NaN, _ => 0),
    };

    [Theory]
    [MemberData(nameof(Right))]
    public void Check_OfARightDerivative_Holds(string name)
    {
        var check = DerivativeCheck.OfActivation("F", RightOnes[name].Function, RightOnes[name].Derivative);
        Assert.True(check.Holds, check.ToString());
        Assert.Same(check, Assert.Single(DerivativeCheck.Require(check)));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_OfAWrongDerivative_DoesNotHold(string name)
    {
        var check = DerivativeCheck.OfActivation("F", WrongOnes[name].Function, WrongOnes[name].Derivative);
        Assert.False(check.Holds, check.ToString());
        Assert.Same(check, Assert.Throws<DerivativeMismatchException>(() => DerivativeCheck.Require(check)).Check);
    }

    [Fact]
    public void Check_OfALoss_ComparesAtEveryTarget()
    {
        var right = DerivativeCheck.OfLoss("F", (y, t) => MathF.Abs(y - t) * t, (y, t) => MathF.Sign(y - t) * t);
        Assert.True(right.Holds, right.ToString());
        var wrong = DerivativeCheck.OfLoss("F", (y, t) => (y - t) * (y - t), (y, t) => t == 0.75f && y == 0.5f ? 7 : 2 * (y - t));
        Assert.False(wrong.Holds);
        Assert.Equal((0.5f, 0.75f, 7f), (wrong.Argument, wrong.Target, wrong.Derivative));
        Assert.Equal(-0.5, (wrong.LeastSlope + wrong.GreatestSlope) / 2, 1e-4);
        Assert.Equal("FDerivative(0.5, 0.75) = 7, but F has the slopes -0.503906 and -0.496094 to both sides.", wrong.ToString());
    }

    [Fact]
    public void Check_OfNull_Throws()
    {
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.OfActivation(null!, z => z, z => z)).ParamName);
        Assert.Equal("function", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.OfActivation("F", null!, z => z)).ParamName);
        Assert.Equal("derivative", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.OfActivation("F", z => z, null!)).ParamName);
        Assert.Equal("loss", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.OfLoss("F", null!, (_, _) => 0)).ParamName);
        Assert.Equal("derivative", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.OfLoss("F", (_, _) => 0, null!)).ParamName);
        Assert.Equal("checks", Assert.Throws<ArgumentNullException>(() => DerivativeCheck.Require(null!)).ParamName);
    }
}
