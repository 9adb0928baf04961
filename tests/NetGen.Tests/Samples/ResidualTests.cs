using ResidualSample;

namespace NetGen.Tests.Samples;

public class ResidualTests
{
    [Fact]
    public void Table_OfTwoOutcomes_AlignsItsColumns() => Assert.Equal(
        """
                  parameters         epoch 1         epoch 2
        plain         12,345  0.5000 95.00 %  0.1000 99.50 %
        residual      12,890  0.2500 97.25 %  0.0625 99.75 %
        """.ReplaceLineEndings("\n"),
        Comparison.Table(
        [
            new("plain", 12_345, [0.5, 0.1], [0.95, 0.995]),
            new("residual", 12_890, [0.25, 0.0625], [0.9725, 0.9975]),
        ]));

    [Theory]
    [InlineData("--epochs takes a whole number from 1 to 2147483647, not '0'.", "--epochs", "0")]
    [InlineData("--seed needs a value.", "--seed")]
    [InlineData("'--net' is none of --data, --epochs, --seed.", "--net", "plain")]
    public void Parse_OfWrongArguments_SaysWhatIsWrong(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Options.Parse(arguments)).Message);

    [Fact]
    public void Parse_OfSomeArguments_KeepsTheOtherDefaults() =>
        Assert.Equal(new Options("digits", 4, 7), Options.Parse(["--seed", "7", "--data", "digits"]));
}
