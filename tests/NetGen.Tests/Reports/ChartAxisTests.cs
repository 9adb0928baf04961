using NetGen.Tests.Support;

namespace NetGen.Tests.Reports;

public class ChartAxisTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.1, 1.78, "0.0 0.5 1.0 1.5 2.0")]
    [InlineData(-3, 4, "−3 −2 −1 0 1 2 3 4")]
    [InlineData(0.951, 0.9655, "0.950 0.955 0.960 0.965 0.970")]
    [InlineData(1000, 60_000, "0 10,000 20,000 30,000 40,000 50,000 60,000")]
    [InlineData(-2e-7, 1e-7, "−2·10⁻⁷ −1.5·10⁻⁷ −1·10⁻⁷ −5·10⁻⁸ 0 5·10⁻⁸ 1·10⁻⁷")]
    [InlineData(5, 5, "4.4 4.6 4.8 5.0 5.2 5.4 5.6")]
    [InlineData(0, 0, "−1.0 −0.5 0.0 0.5 1.0")]
    public void Of_RoundedRange_HasTicksOfOneTwoOrFive(double low, double high, string labels)
    {
        var axis = ChartAxis.Of([low, high], logarithmic: false, percent: false, rounded: true);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.True(axis.Low <= low && axis.High >= high);
        Assert.Equal(axis.Low, axis.Ticks[0].Value, 1e-12);
        Assert.Equal(axis.High, axis.Ticks[^1].Value, 1e-12);
        Assert.Equal((0, 1), (axis.Position(axis.Low), axis.Position(axis.High)));
    }

    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(1, 2, "1 2")]
    [InlineData(1, 20, "5 10 15 20")]
    [InlineData(1, 100, "20 40 60 80 100")]
    public void Of_Epochs_HasWholeTicksWithinThem(double low, double high, string labels)
    {
        var axis = ChartAxis.Of([low, high], logarithmic: false, percent: false, rounded: false, whole: true);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
    }

    [Fact]
    public void Of_Shares_AreLabelledAsPercentages()
    {
        var axis = ChartAxis.Of([0.9312, 0.9871], logarithmic: false, percent: true, rounded: true);
        Assert.Equal(["93 %", "94 %", "95 %", "96 %", "97 %", "98 %", "99 %"], axis.Ticks.Select(tick => tick.Label));
    }

    [Theory]
    [InlineData(0.0012, 0.9, "0.001 0.01 0.1 1")]
    [InlineData(0.03, 0.4, "0.02 0.05 0.1 0.2 0.5")]
    [InlineData(1e-9, 1e9, "10⁻⁹ 10⁻⁶ 0.001 1 1,000 10⁶ 10⁹")]
    [InlineData(3, 3, "1 2 5 10")]
    public void Of_Logarithmic_HasPowersOfTen(double low, double high, string labels)
    {
        var axis = ChartAxis.Of([low, high], logarithmic: true, percent: false, rounded: true);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.True(axis.Low <= low && axis.High >= high);
        Assert.Equal(0.5, axis.Position(Math.Sqrt(axis.Low * axis.High)), 1e-9);
    }

    /// <summary>Ranges at which sums and steps of floating-point numbers degenerate.</summary>
    [Theory]
    [InlineData(1e300, -1e300)]
    [InlineData(double.Epsilon, 0)]
    [InlineData(1, 1.0000000000000002)]
    [InlineData(1e300, 1.0000000000001e300)]
    [InlineData(1e17, 100000000000000016)]
    [InlineData(-1e-300, 1e-300)]
    [InlineData(1e300, 1e300)]
    [InlineData(1e-290, 1.5e-290)]
    public void Of_DegenerateRange_HasFewTicks(double a, double b)
    {
        foreach (var rounded in (bool[])[false, true])
        {
            var axis = ChartAxis.Of([a, b], logarithmic: false, percent: false, rounded);
            Assert.InRange(axis.Ticks.Count, 0, 10);
            Assert.InRange(axis.Position(a), 0, 1);
            Assert.InRange(axis.Position(b), 0, 1);
        }
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(double.NegativeInfinity, false)]
    [InlineData(double.MaxValue, false)]
    [InlineData(-1e300, true)]
    [InlineData(0, true)]
    public void Shows_LinearAxis_TakesWhatIsFinite(double value, bool shown) => Assert.Equal(shown, ChartAxis.Shows(value, logarithmic: false));

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1e-12, true)]
    public void Shows_LogarithmicAxis_TakesWhatIsPositive(double value, bool shown) => Assert.Equal(shown, ChartAxis.Shows(value, logarithmic: true));

    [Fact]
    public void Of_HostileCulture_IsTheSame()
    {
        static string Labels() => string.Join(' ', ChartAxis.Of([-1234.5, 2345.5], false, false, true).Ticks.Select(tick => tick.Label));
        Assert.Equal(Labels(), TestEnvironment.In(TestEnvironment.HostileCulture(), Labels));
    }
}
