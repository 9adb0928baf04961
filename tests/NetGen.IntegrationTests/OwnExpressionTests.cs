using System.Globalization;
using System.Text;
using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests;

/// <summary>Random expressions: what the kernels compute is what the method itself does, bit for bit where no exponential is in it.</summary>
[Trait(Widths.Trait, Widths.Every)]
public class OwnExpressionTests
{
    private const int Functions = 40;

    private static readonly float[] Points =
        [0f, -0f, 1f, -1f, 0.5f, -0.5f, 0.1f, -0.1f, 2f, -2f, 1.75f, -3.25f, 7f, -7f, 1e-3f, -1e-3f, 30f, -30f, 1e6f, -1e6f, 1e-40f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    [Fact]
    public void Expression_OfArithmetic_HasTheMethodsBits()
    {
        var random = new Random(1);
        var methods = string.Join("\n", Enumerable.Range(0, Functions).Select(i => $"static float {Name(i)}(float z) {new Expressions(random).Statements()}"));
        Compare(Source(methods, Functions), Functions, (expected, actual) =>
            BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual) || (float.IsNaN(expected) && float.IsNaN(actual)));
    }

    /// <summary>An exponential below the normal numbers is 0 here; what is computed of it further on is as far off as that lets it be.</summary>
    [Theory]
    [InlineData("MathF.Exp(z)", 2e-7)]
    [InlineData("MathF.Log(z)", 2e-7)]
    [InlineData("MathF.Log(MathF.Abs(z))", 2e-7)]
    [InlineData("MathF.Tanh(z)", 2e-7)]
    [InlineData("MathF.Cosh(z)", 4e-7)]
    [InlineData("MathF.Pow(z, 5)", 3e-7)]
    [InlineData("MathF.Pow(z, -3)", 3e-7)]
    [InlineData("MathF.Pow(z, 0)", 0)]
    [InlineData("Math.Clamp(z, -1f, 1.5f)", 0)]
    [InlineData("float.Exp(MathF.Min(z, 5)) * MathF.Sqrt(MathF.Abs(z) + 1)", 4e-7)]
    [InlineData("z is 1 ? 1 : 2", -1)]
    public void Expression_OfFunctions_IsNearTheMethods(string expression, double tolerance)
    {
        var source = Source($"static float F(float z) => {expression};", 1);
        if (tolerance < 0)
        {
            Assert.False(Harness.IsAccepted(source, HarnessOptions.Default));
            return;
        }

        Compare(source, 1, (expected, actual) => expected.Equals(actual) || (float.IsNaN(expected) && float.IsNaN(actual))
            || expected == actual || Math.Abs(expected - actual) <= tolerance * Math.Abs(expected) + 2e-38);
    }

    [Fact]
    public void Expression_InCheckedCode_IsTheSame() =>
        Compare(Source("static float F(float z) { var u = z * z; return u > 2 ? u : -u; }", 1), 1, (expected, actual) => expected.Equals(actual), new HarnessOptions(Checked: true));

    private static string Name(int function) => function == 0 ? "F" : string.Create(CultureInfo.InvariantCulture, $"F{function}");

    /// <summary>So many classes, each with one of the methods as its activation.</summary>
    private static string Source(string methods, int count)
    {
        var text = new StringBuilder("#pragma warning disable CS1718, CS0219 // comparisons of a variable with itself, variables without use\nusing System;\nusing NetGen;\n\n");
        for (var i = 0; i < count; i++)
        {
            var name = Name(i);
            text.AppendLine("/// <summary>A net.</summary>").AppendLine(CultureInfo.InvariantCulture, $"[Network, Input({Points.Length}), Activation(nameof({name}))]")
                .AppendLine(CultureInfo.InvariantCulture, $"public partial class Net{i}\n{{\n{Only(methods, name)}\n/// <summary>The method.</summary>\npublic static float Itself(float z) => {name}(z);")
                .AppendLine(CultureInfo.InvariantCulture, $"static float {name}Derivative(float z) => z;\n}}");
        }

        return text.ToString();
    }

    private static string Only(string methods, string name) =>
        methods.Split('\n').First(line => line.Contains($" {name}(float z)", StringComparison.Ordinal));

    private static void Compare(string source, int count, Func<float, float, bool> isSame, HarnessOptions? options = null)
    {
        var assembly = Harness.Compile(source, options);
        for (var i = 0; i < count; i++)
        {
            var network = assembly.Create(string.Create(CultureInfo.InvariantCulture, $"Net{i}"));
            var method = network.GetType().GetMethod("Itself")!.CreateDelegate<Func<float, float>>();
            var actual = network.Predict(Points);
            for (var p = 0; p < Points.Length; p++)
            {
                var expected = method(Points[p]);
                Assert.True(
                    isSame(expected, actual[p]),
                    string.Create(CultureInfo.InvariantCulture, $"net {i} at {Points[p]:R}: expected {expected:R}, found {actual[p]:R}; {Only(source, Name(i))}"));
            }
        }
    }

    /// <summary>A random method's body: some variables, branches and an expression.</summary>
    private sealed class Expressions(Random random)
    {
        private readonly List<string> _names = ["z"];

        public string Statements()
        {
            var text = new StringBuilder("{ ");
            for (var i = random.Next(4); i > 0; i--)
            {
                var value = Number(3);
                text.Append(CultureInfo.InvariantCulture, $"var v{_names.Count} = {value}; ");
                _names.Add($"v{_names.Count}");
            }

            if (random.Next(3) == 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"if ({Condition(2)}) {{ return {Number(2)}; }} ");
            }

            return text.Append(CultureInfo.InvariantCulture, $"return {Number(4)}; }}").ToString();
        }

        private string Number(int depth) => depth == 0 || random.Next(6) == 0
            ? random.Next(3) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{random.Next(-20, 21) / 8f:R}f") : _names[random.Next(_names.Count)]
            : random.Next(12) switch
            {
                0 or 1 => $"{Operand(depth)} + {Operand(depth)}",
                2 or 3 => $"{Operand(depth)} - {Operand(depth)}",
                4 or 5 => $"{Operand(depth)} * {Operand(depth)}",
                6 => $"{Operand(depth)} / {Operand(depth)}",
                7 => $"-{Operand(depth)}",
                8 => $"MathF.Max({Number(depth - 1)}, {Number(depth - 1)})",
                9 => $"MathF.Min({Number(depth - 1)}, MathF.Abs({Number(depth - 1)}))",
                10 => $"(float)MathF.{(random.Next(2) == 0 ? "Floor" : random.Next(2) == 0 ? "Ceiling" : "Truncate")}({Number(depth - 1)}) * MathF.CopySign(0.5f, {Number(depth - 1)})",
                _ => $"({Condition(depth - 1)} ? {Number(depth - 1)} : MathF.Sqrt({Number(depth - 1)}))",
            };

        private string Operand(int depth) => $"({Number(depth - 1)})";

        private string Condition(int depth) => depth > 0 && random.Next(3) == 0
            ? $"!({Condition(depth - 1)} && {Condition(depth - 1)} || {Condition(depth - 1)})"
            : $"{Operand(1)} {((string[])["<", "<=", ">", ">=", "==", "!="])[random.Next(6)]} {Operand(1)}";
    }
}
