using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class DigitsTests
{
    [Fact]
    public void Load_EmbeddedData_IsTheKnownSet()
    {
        var digits = Digits.Load();
        Assert.Equal((1797, 64, 10), (digits.Count, digits.InputSize, digits.Classes));
        Assert.Equal([0, 1, 2, 3], digits.Labels[..4].ToArray());
        Assert.Equal([0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0], digits.InputRow(0)[..8].ToArray());
        Assert.Equal((0f, 1f), (digits.Inputs.ToArray().Min(), digits.Inputs.ToArray().Max()));
        int[] expected = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        Assert.Equal(expected, Enumerable.Range(0, 10).Select(c => digits.Labels.Count(c)));
    }

    [Fact]
    public void Load_HostileCulture_IsTheSame() =>
        Assert.Equal(Digits.Load().Inputs.ToArray(), TestEnvironment.In(TestEnvironment.HostileCulture(), Digits.Load).Inputs.ToArray());
}
