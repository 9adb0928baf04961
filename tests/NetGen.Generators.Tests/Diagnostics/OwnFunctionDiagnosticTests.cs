using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Diagnostics;

/// <summary>What can be wrong with a class's own functions: each at the argument that names the function, and nothing else beside it.</summary>
public class OwnFunctionDiagnosticTests
{
    private const string Right = "static float F(float z) => z; static float FDerivative(float z) => 1;";

    private static string Dense(string body, string function = "⟦nameof(Net.F)⟧") =>
        $"using System; [Network, Input(2), Dense(3, Function = {function}), Train(Loss.HalfSquaredError)] partial class Net {{ {body} }}";

    private static string Message(string id, string source) => Marked.ExpectOnly(id, source).Analyze().Single().GetMessage(System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("\"F\"")]
    [InlineData("\"\"")]
    [InlineData("null!")]
    public void NG1026_no_such_method(string name) => Marked.ExpectOnly("NG1026", Dense("", $"⟦{name}⟧"));

    [Fact]
    public void NG1026_of_an_activation_layer() =>
        Marked.ExpectOnly("NG1026", "[Network, Input(2), Dense(3), Activation(⟦\"F\"⟧), Train(Loss.HalfSquaredError)] partial class Net;");

    [Theory]
    [InlineData("Input(2, 5, 5), Conv2D(3, 2, Function = ⟦\"F\"⟧)")]
    [InlineData("Input(2, 5, 5), Conv2D(3, 2, 1, Function = ⟦null⟧)")]
    [InlineData("Input(2, 5), Conv1D(3, 2, Activation.Custom, Function = ⟦\"F\"⟧)")]
    public void NG1026_of_a_convolution(string nodes) => Marked.ExpectOnly("NG1026", $"[Network, {nodes}, Train(Loss.HalfSquaredError)] partial class Net;");

    [Fact]
    public void NG1026_of_a_loss() => Assert.Contains(
        "static float F(float prediction, float target)",
        Message("NG1026", "[Network, Input(2), Dense(3), Train(⟦\"F\"⟧, Optimizer.Adam)] partial class Net;"));

    [Fact]
    public void NG1026_of_an_inherited_method() => Marked.Expect(
        "NG1026", "class Base { protected static float F(float z) => z; } [Network, Input(2), Dense(3, Function = ⟦nameof(F)⟧)] partial class Net : Base;");

    [Fact]
    public void NG1027_no_derivative() => Marked.ExpectOnly("NG1027", Dense("static float F(float z) => z;"));

    [Fact]
    public void NG1027_leaves_the_check_of_derivatives_in_its_place() => Assert.Empty(Marked.Expect(
        "NG1027", Dense("static float F(float z) => z;"), "class More { int Count() => Net.CheckDerivatives().Count; }").CompilerErrors);

    [Fact]
    public void NG1027_of_a_convolution() =>
        Marked.ExpectOnly("NG1027", "[Network, Input(2, 5), Conv1D(3, 2, Function = ⟦nameof(F)⟧), Train(Loss.HalfSquaredError)] partial class Net { static float F(float z) => z; }");

    [Fact]
    public void NG1027_of_a_loss() =>
        Marked.ExpectOnly("NG1027", "[Network, Input(2), Dense(3), Train(⟦nameof(F)⟧)] partial class Net { static float F(float y, float t) => y; }");

    [Theory]
    [InlineData("float F(float z) => z;", "is not static")]
    [InlineData("static double F(float z) => z;", "returns double")]
    [InlineData("static float F(double z) => 1;", "takes 'double z'")]
    [InlineData("static float F(in float z) => z;", "takes 'in float z'")]
    [InlineData("static float F(float y, float t) => y;", "has 2 parameters")]
    [InlineData("static float F<T>(float z) => z;", "has type parameters")]
    [InlineData("static float F => 1;", "is no method")]
    public void NG1028_another_signature(string method, string problem) =>
        Assert.Contains(problem, Message("NG1028", Dense(method + " static float FDerivative(float z) => 1;")));

    [Fact]
    public void NG1028_of_the_derivative() => Assert.Contains("FDerivative", Message("NG1028", Dense("static float F(float z) => z; float FDerivative(float z) => 1;")));

    [Theory]
    [InlineData("=> z % 2;", "'z % 2' in line 1")]
    [InlineData("=> (float)Math.Exp(z);", "'Math.Exp(z)' in line 1: it is a double")]
    [InlineData("=> (float)(z * 0.5);", "'z * 0.5' in line 1: it is a double")]
    [InlineData("=> MathF.Sin(z);", "'MathF.Sin(z)' in line 1: of MathF there are Exp")]
    [InlineData("=> MathF.Pow(z, 2.5f);", "whole constant")]
    [InlineData("=> MathF.Pow(z, z);", "whole constant")]
    [InlineData("=> s_scale * z; static float s_scale = 2;", "'s_scale' in line 1")]
    [InlineData("=> MyMath.Exp(z); static class MyMath { public static float Exp(float x) => x; }", "calls neither MathF")]
    [InlineData("=> MathF.Exp(z); static class MathF { public static float Exp(float x) => x; }", "calls neither MathF")]
    [InlineData("{\n while (z > 1)\n { z -= 1; } return z; }", "in line 2: statements may be")]
    [InlineData("{\n var u = z;\n u *= 2; return u; }", "'u *= 2;' in line 3")]
    [InlineData("{ if (z > 0) { } return z; }", "a branch of an if must return")]
    [InlineData("=> z switch { > 0 => z, _ => 0 };", "in line 1: an expression may be")]
    [InlineData("=> InputSize * z;", "it is generated")]
    [InlineData("=> Twice * z; const float Twice = 2 * OutputSize;", "it is generated")]
    [InlineData("=> throw new Exception();", "in line 1")]
    [InlineData("=> (int)z;", "'(int)z' in line 1: it is of type int")]
    [InlineData("=> G(z, 1); static float G(float a, int b) => a;", "calls neither MathF")]
    public void NG1029_what_is_not_supported(string body, string problem) =>
        Assert.Contains(problem, Message("NG1029", Dense($"static float F(float z) {body} static float FDerivative(float z) => 1;")));

    [Fact]
    public void NG1029_in_a_method_that_is_called() => Assert.Contains(
        "'G' cannot be translated", Message("NG1029", Dense("static float F(float z) => G(z); static float G(float z) => z % 2; static float FDerivative(float z) => 1;")));

    [Theory]
    [InlineData("static float F(float z) => z > 0 ? F(z - 1) : z;", "F → F")]
    [InlineData("static float F(float z) => G(z); static float G(float z) => H(z); static float H(float z) => G(z);", "G → H → G")]
    public void NG1030_recursion(string methods, string calls) =>
        Assert.Contains(calls, Message("NG1030", Dense(methods + " static float FDerivative(float z) => 1;")));

    [Theory]
    [InlineData("[Network, Input(2), Dense(3, Activation.ReLU, Function = ⟦nameof(F)⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2), Dense(3, Function = nameof(F), Alpha = ⟦2⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2), Dense(3), Activation(nameof(F), NegativeSlope = ⟦2⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2), Dense(3, ⟦Activation.Custom⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2, 5, 5), Conv2D(3, 2, Activation.ReLU, Function = ⟦nameof(F)⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2, 5, 5), Conv2D(3, 2, Function = nameof(F), NegativeSlope = ⟦2⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2, 5, 5), Conv2D(3, 2, ⟦Activation.Custom⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2, 5), Conv1D(3, 2, Activation.Tanh, Function = ⟦nameof(F)⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2), Dense(3), Activation(⟦Activation.Custom⟧), Train(Loss.HalfSquaredError)]")]
    [InlineData("[Network, Input(2), Dense(3), Train(⟦Loss.Custom⟧)]")]
    public void NG1017_an_option_beside_a_function(string attributes) => Marked.ExpectOnly("NG1017", $"{attributes} partial class Net {{ {Right} }}");

    [Fact]
    public void NG1017_Hubers_delta_beside_a_loss_of_the_class() => Marked.ExpectOnly(
        "NG1017",
        "[Network, Input(2), Dense(3), Train(nameof(F), HuberDelta = ⟦2⟧)] partial class Net { static float F(float y, float t) => y; static float FDerivative(float y, float t) => 1; }");

    [Theory]
    [InlineData("static void ⟦CheckDerivatives⟧() { }")]
    [InlineData("static int ⟦CheckDerivatives⟧ = 1;")]
    public void NG1008_a_member_named_like_the_check(string member) => Marked.Expect("NG1008", Dense($"{Right} {member}", "nameof(F)"));

    [Fact]
    public void A_member_named_like_the_check_is_welcome_without_functions() =>
        Assert.Empty(Marked.ExpectNothing("[Network, Input(2), Dense(3)] partial class Net { static void CheckDerivatives() { } }").CompilerErrors);

    [Fact]
    public void What_is_supported_has_nothing_wrong_with_it() => Assert.Empty(Marked.ExpectNothing(
        "using System; [Network, Input(2), Dense(3, Activation.Custom, Function = nameof(F)), Activation(nameof(Net.@checked)), Train(nameof(Net.Loss2), Optimizer.Adam)] partial class Net { "
        + Right
        + """
        static float F(float y, float t) => 2;
        private static float @checked(float @in) { const float two = 2; var _ = @in; float α = +_; if (α > Half() || !(α < two) && α != 3) return -α; else { if (α == 1) return Math.Max(1f, α); } return float.Exp(α); }
        private static float checkedDerivative(float Exp) => MathF.Exp(Exp) * (MathF.E - MathF.PI) / (true ? (float)1.5 : Exp) * float.NaN;
        static float Half() => -0f;
        static float Loss2(float y, float t) => Difference(b: t, a: y);
        static float Loss2Derivative(float y, float t) => float.NegativeInfinity;
        static float Difference(float a, float b) => a - b;
        """ + "}").CompilerErrors);

    [Fact]
    public void NG3001_is_not_said_of_what_only_the_user_knows() => Marked.ExpectNothing(
        $"[Network, Input(2), Dense(3, Function = nameof(F)), Train(Loss.Poisson)] partial class Net {{ {Right} }}");

    [Fact]
    public void An_error_of_Csharps_own_is_not_followed_by_one_of_ours()
    {
        var run = Marked.ExpectNothing(Dense("static float F(float z) => Missing(z); static float FDerivative(float z) => 1;", "nameof(F)"));
        Assert.Equal(["CS0103"], run.CompilerErrors.Select(error => error.Id));
        Assert.NotEmpty(run.Files);
    }
}
