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
            foreach (var input in _declaration.Inputs)
            {
                _writer.Line($"new global::NetGen.InputNode(\"{input.Name}\", {Shape(input.Shape)}),");
            }

            foreach (var layer in _declaration.Layers)
            {
                _writer.Line(Node(layer, Shape(program.Layers.First(each => each.Name == layer.Name).Shape)) + ",");
            }
        }

        _writer.Blank();
        _writer.Line($"{Nodes} global::NetGen.INetwork.Nodes => Nodes;");
        _writer.Blank();
        _writer.Line($"private static {NodeType}[]? netgenNodes;");
        _writer.Blank();
        const string Names = "global::System.Collections.Generic.IReadOnlyList<string>";
        _writer.Line($"{Names} global::NetGen.INetwork.Outputs => netgenOutputs ??= new string[] {{ {string.Join(", ", Predicted.Select(name => $"\"{name}\""))} }};");
        _writer.Blank();
        _writer.Line("private static string[]? netgenOutputs;");
        _writer.Blank();
    }

    private string Node(LayerDeclaration layer, string shape)
    {
        var start = $"\"{layer.Name}\", new string[] {{ {string.Join(", ", layer.From.Select(name => $"\"{name}\""))} }}";
        return layer switch
        {
            DenseDeclaration dense => $"new global::NetGen.DenseNode({start}, {Number(dense.Units)}){Options(dense.Bias, dense.Activation, dense)}",
            ActivationDeclaration activation => $"new global::NetGen.ActivationNode({start}, {shape}, {Function(activation.Function)})",
            BatchNormDeclaration norm =>
                $"new global::NetGen.BatchNormNode({start}, {shape}) {{ Momentum = {Double(norm.Momentum)}, Epsilon = {Double(norm.Epsilon)} }}",
            LayerNormDeclaration norm => $"new global::NetGen.LayerNormNode({start}, {shape}) {{ Epsilon = {Double(norm.Epsilon)} }}",
            DropoutDeclaration dropout => $"new global::NetGen.DropoutNode({start}, {shape}) {{ Rate = {Double(dropout.Rate)} }}",
            GaussianNoiseDeclaration noise => $"new global::NetGen.GaussianNoiseNode({start}, {shape}) {{ Deviation = {Double(noise.Deviation)} }}",
            BiasDeclaration => $"new global::NetGen.BiasNode({start}, {shape})",
            ConvolutionDeclaration convolution => $"new global::NetGen.{(convolution.IsTransposed ? "Transposed" : "")}ConvolutionNode({start}, {shape}, {Window(convolution.Window)}, {Number(convolution.Groups)}){Options(convolution.Bias, convolution.Activation, convolution)}",
            PoolDeclaration pool => $"new global::NetGen.PoolNode({start}, {shape}, {Flag(pool.Pooling == Pooling.Max)}, {Window(pool.Window)})",
            GlobalPoolDeclaration pool => $"new global::NetGen.GlobalPoolNode({start}, {shape}, {Flag(pool.Pooling == Pooling.Max)})",
            ReshapeDeclaration => $"new global::NetGen.ReshapeNode({start}, {shape})",
            JoinDeclaration join => $"new global::NetGen.{join.Joining}Node({start}, {shape})",
            _ => throw new InvalidOperationException($"no node for {layer.GetType().Name}"),
        };
    }

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string Window(WindowDeclaration window)
    {
        static string Pair(Extent extent) => $"({Number(extent.Height)}, {Number(extent.Width)})";
        return $"new global::NetGen.NodeWindow({Pair(window.Kernel)}, {Pair(window.Stride)}, {Pair(window.Padding)}, {Pair(window.Dilation)})";
    }

    private string Options(bool bias, ActivationFunction activation, LayerDeclaration layer)
    {
        var options = new List<string>();
        if (!bias)
        {
            options.Add("Bias = false");
        }

        if (activation.Kind != Activation.Identity)
        {
            options.Add($"Activation = {Function(activation)}");
        }

        if (layer.SharedWith is not null)
        {
            var owner = layer;
            while (owner.SharedWith is { } name)
            {
                owner = _declaration.Layers.First(each => each.Name == name);
            }

            options.Add($"SharedWith = \"{owner.Name}\"");
        }

        return options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}";
    }

    private static string Function(ActivationFunction function)
    {
        if (function.Own is { } own)
        {
            return $"new global::NetGen.NodeActivation(global::NetGen.Activation.Custom) {{ Value = {OwnMethod(own)}, Slope = {OwnMethod(own + OwnFunction.Derivative)} }}";
        }

        var constant = function.Parameter == 0 ? "" : $", {Double(function.Parameter)}";
        return $"new global::NetGen.NodeActivation(global::NetGen.Activation.{function.Kind}{constant})";
    }

    private static string Shape(EquatableArray<int> shape) => $"new int[] {{ {string.Join(", ", shape.Select(Number))} }}";
}
