using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>The declaration as data, for what looks into a network while the program runs: one object for each input and layer.</summary>
internal sealed partial class SurfaceEmitter
{
    private const string NodeType = "global::NetGen.NetworkNode";
    private const string Nodes = $"global::System.Collections.Generic.IReadOnlyList<{NodeType}>";

    /// <summary>Made when first asked for: a static initialiser would run before anything else of the class.</summary>
    private void NodeProperties()
    {
        Summary("The inputs and layers in order, as they were declared.");
        using (_writer.Block($"public static {Nodes} Nodes => netgenNodes ??= new {NodeType}[]", "};"))
        {
            var shapes = new Dictionary<string, EquatableArray<int>>();
            foreach (var input in _declaration.Inputs)
            {
                shapes[input.Name] = input.Shape;
                _writer.Line($"new global::NetGen.InputNode(\"{input.Name}\", {Shape(input.Shape)}),");
            }

            foreach (var layer in _declaration.Layers)
            {
                // The other layers work on each number, or on the sample as it is.
                shapes[layer.Name] = layer is DenseDeclaration dense ? new EquatableArray<int>([dense.Units]) : shapes[layer.From[0]];
                _writer.Line(Node(layer, Shape(shapes[layer.Name])) + ",");
            }
        }

        _writer.Blank();
        _writer.Line($"{Nodes} global::NetGen.INetwork.Nodes => Nodes;");
        _writer.Blank();
        _writer.Line($"private static {NodeType}[]? netgenNodes;");
        _writer.Blank();
    }

    private static string Node(LayerDeclaration layer, string shape)
    {
        var start = $"\"{layer.Name}\", new string[] {{ {string.Join(", ", layer.From.Select(name => $"\"{name}\""))} }}";
        return layer switch
        {
            DenseDeclaration dense => $"new global::NetGen.DenseNode({start}, {Number(dense.Units)}){Options(dense)}",
            ActivationDeclaration activation => $"new global::NetGen.ActivationNode({start}, {shape}, {Function(activation.Function)})",
            BatchNormDeclaration norm =>
                $"new global::NetGen.BatchNormNode({start}, {shape}) {{ Momentum = {Double(norm.Momentum)}, Epsilon = {Double(norm.Epsilon)} }}",
            LayerNormDeclaration norm => $"new global::NetGen.LayerNormNode({start}, {shape}) {{ Epsilon = {Double(norm.Epsilon)} }}",
            DropoutDeclaration dropout => $"new global::NetGen.DropoutNode({start}, {shape}) {{ Rate = {Double(dropout.Rate)} }}",
            GaussianNoiseDeclaration noise => $"new global::NetGen.GaussianNoiseNode({start}, {shape}) {{ Deviation = {Double(noise.Deviation)} }}",
            _ => throw new InvalidOperationException($"no node for {layer.GetType().Name}"),
        };
    }

    private static string Options(DenseDeclaration dense)
    {
        var options = new List<string>();
        if (!dense.Bias)
        {
            options.Add("Bias = false");
        }

        if (dense.Activation.Kind != Activation.Identity)
        {
            options.Add($"Activation = {Function(dense.Activation)}");
        }

        return options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}";
    }

    private static string Function(ActivationFunction function)
    {
        var constant = function.Parameter == 0 ? "" : $", {Double(function.Parameter)}";
        return $"new global::NetGen.NodeActivation(global::NetGen.Activation.{function.Kind}{constant})";
    }

    private static string Shape(EquatableArray<int> shape) => $"new int[] {{ {string.Join(", ", shape.Select(Number))} }}";
}
