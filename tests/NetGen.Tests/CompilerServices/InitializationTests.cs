using NetGen.CompilerServices;

namespace NetGen.Tests.CompilerServices;

public class InitializationTests
{
    private const int In = 300;
    private const int Out = 200;

    [Theory]
    [InlineData(Initializer.StandardNormal, 1.0)]
    [InlineData(Initializer.LeCunNormal, 1.0 / In)]
    [InlineData(Initializer.LeCunUniform, 1.0 / In)]
    [InlineData(Initializer.GlorotNormal, 2.0 / (In + Out))]
    [InlineData(Initializer.GlorotUniform, 2.0 / (In + Out))]
    [InlineData(Initializer.HeNormal, 2.0 / In)]
    [InlineData(Initializer.HeUniform, 2.0 / In)]
    public void Initialize_EachKind_HasMeanZeroAndItsVariance(Initializer initializer, double variance)
    {
        var numbers = Fill(initializer, ParameterLayout.Vector(In * Out));
        var isUniform = initializer is Initializer.LeCunUniform or Initializer.GlorotUniform or Initializer.HeUniform;
        Assert.Equal(0, numbers.Average(), 0.02 * Math.Sqrt(variance));
        Assert.Equal(variance, numbers.Average(x => (double)x * x), 0.02 * variance);
        Assert.Equal(isUniform, numbers.Max(Math.Abs) <= Math.Sqrt(3 * variance) * 1.000001);
    }

    [Theory]
    [InlineData(Initializer.Zeros, 0f)]
    [InlineData(Initializer.Ones, 1f)]
    public void Initialize_OneNumber_FillsWithoutDrawing(Initializer initializer, float number)
    {
        var block = new float[] { 4, 2, 3 };
        var random = new Xoshiro256(4);
        var parameter = new Parameter("layer1.bias", [3], block, 0, ParameterLayout.Vector(3));
        Initialization.Initialize(parameter, initializer, 5, 3, ref random);
        Assert.Equal([number, number, number], block);
        Assert.Equal(new Xoshiro256(4).Next(), random.Next());
    }

    [Fact]
    public void Initialize_AnotherLayout_StartsAlike() =>
        Assert.Equal(
            Fill(Initializer.HeNormal, ParameterLayout.Vector(In * Out)),
            Fill(Initializer.HeNormal, ParameterLayout.Panels(In, Out, 16)));

    [Fact]
    public void Initialize_GlorotUniform_IsPinned()
    {
        var numbers = Fill(Initializer.GlorotUniform, ParameterLayout.Vector(In * Out));
        var limit = Math.Sqrt(6.0 / (In + Out));
        Assert.Equal((float)((2 * ((12966619160104079557UL >> 11) / 9007199254740992.0) - 1) * limit), numbers[0]);
    }

    [Theory]
    [InlineData(Initializer.Auto)]
    [InlineData((Initializer)99)]
    public void Initialize_NotResolved_ThrowsAndChangesNothing(Initializer initializer)
    {
        var block = new float[] { 1, 2, 3 };
        var random = new Xoshiro256(4);
        var parameter = new Parameter("layer1.bias", [3], block, 0, ParameterLayout.Vector(3));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(initializer), () => Initialization.Initialize(parameter, initializer, 5, 3, ref random));
        Assert.Equal([1, 2, 3], block);
    }

    private static float[] Fill(Initializer initializer, ParameterLayout layout)
    {
        var random = new Xoshiro256(1);
        var parameter = new Parameter("layer1.weight", [Out, In], new float[layout.Size], 0, layout);
        Initialization.Initialize(parameter, initializer, In, Out, ref random);
        return parameter.ToArray();
    }
}
