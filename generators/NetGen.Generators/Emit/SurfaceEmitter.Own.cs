using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Emit;

/// <summary>What calls the class's own functions, as they are.</summary>
internal sealed partial class SurfaceEmitter
{
    /// <summary>The body of the loss of given predictions: the user's method on each number, summed in double precision.</summary>
    private void OwnLoss(string name)
    {
        using (_writer.Block("public float ComputeLoss(global::System.ReadOnlySpan<float> outputs, global::System.ReadOnlySpan<float> targets)"))
        {
            _writer.Line($"{Support}.Check.Loss(outputs.Length, targets.Length, OutputSize, OutputSize, nameof(targets));");
            _writer.Line("var sum = 0.0;");
            using (_writer.Block("for (var i = 0; i < outputs.Length; i++)"))
            {
                _writer.Line($"sum += {OwnMethod(name)}(outputs[i], targets[i]);");
            }

            _writer.Blank();
            _writer.Line("return (float)(sum / outputs.Length);");
        }
    }

    /// <summary>The comparison of each derivative with its function.</summary>
    private void CheckDerivatives()
    {
        var activations = _declaration.OwnActivations.Select(name => ("Activation", name));
        var losses = (_declaration.Train?.Losses ?? []).Select(loss => loss.Own).OfType<string>().Distinct().Select(name => ("Loss", name));
        var checks = activations.Concat(losses)
            .Select(function => $"global::NetGen.DerivativeCheck.Of{function.Item1}(\"{function.Item2}\", {OwnMethod(function.Item2)}, {OwnMethod(function.Item2 + OwnFunction.Derivative)})")
            .ToList();
        if (checks.Count == 0)
        {
            return;
        }

        _writer.Blank();
        Summary("Compares the derivatives of the class's own functions with differences of the functions, at many points: a test of what you wrote.");
        _writer.Line("/// <returns>Of each function the point at which the two are furthest apart.</returns>");
        _writer.Line("/// <exception cref=\"global::NetGen.DerivativeMismatchException\">A derivative is not that of its function; the message says where.</exception>");
        _writer.Line("public static global::System.Collections.Generic.IReadOnlyList<global::NetGen.DerivativeCheck> CheckDerivatives() =>");
        _writer.Line($"    global::NetGen.DerivativeCheck.Require({string.Join(", ", checks)});");
    }

    /// <summary>The user's method; C#'s own words all begin with a small letter.</summary>
    private static string OwnMethod(string name) => name[0] is >= 'a' and <= 'z' ? "@" + name : name;
}
