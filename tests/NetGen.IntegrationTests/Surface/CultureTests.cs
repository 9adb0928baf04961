using System.Globalization;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Surface;

/// <summary>Generation and generated code under cultures with other decimal signs, minus signs, digits and calendars.</summary>
public class CultureTests
{
    private static readonly NetSpec Spec = NetSpec.Of("1200-40:LeakyReLU(0.25)-ELU(1.5)-3", Loss.Huber, batch: 5, rate: 0.0625, huberDelta: 0.75);

    public static TheoryData<string> Cultures { get; } = ["de-DE", "tr-TR", "ar-SA", "fa-IR", "sv-SE", "hostile"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Generator_UnderCulture_WritesTheSameText(string name)
    {
        var expected = Sources();
        Assert.Equal(expected, Under(name, Sources));

        static IEnumerable<string> Sources() =>
            [.. Harness.Generate(Harness.User(Spec.ToSource(), HarnessOptions.Shipped), HarnessOptions.Shipped, out _).GeneratedSources.Select(s => s.SourceText.ToString())];
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Network_UnderCulture_TrainsAndDescribesItselfTheSame(string name)
    {
        var expected = Run();
        Assert.Equal(expected, Under(name, Run));

        static string Run()
        {
            var network = Harness.Trainable(Spec, seed: 2);
            var loss = network.TrainBatch(TestData.Inputs(5, 1200, seed: 1), TestData.Uniform(15, 1, seed: 2));
            return network.Summary + BitConverter.SingleToInt32Bits(loss).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static T Under<T>(string name, Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = name == "hostile" ? Hostile() : CultureInfo.GetCultureInfo(name);
        try
        {
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CultureInfo Hostile()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus";
        culture.NumberFormat.NumberDecimalSeparator = "::";
        culture.NumberFormat.NumberGroupSeparator = "'";
        culture.NumberFormat.PositiveInfinitySymbol = "lots";
        return culture;
    }
}
