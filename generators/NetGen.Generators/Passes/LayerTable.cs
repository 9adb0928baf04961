using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>What a network's table says of its layers.</summary>
internal static class LayerTable
{
    public static EquatableArray<LayerFigures> Of(Graph graph, NetworkDeclaration declaration)
    {
        var results = graph.Nodes.Take(graph.Output + 1).GroupBy(node => node.Name).ToDictionary(nodes => nodes.Key, nodes => nodes.ToList());
        var rows = declaration.Inputs.Select(input => new LayerFigures(input.Name, "Input", input.Shape, 0, 0)).ToList();
        foreach (var layer in declaration.Layers)
        {
            var nodes = results[layer.Name];
            rows.Add(new(
                layer.Name, Kind(layer) + (layer.Frozen ? ", frozen" : ""), Shape(layer, nodes), nodes.Sum(node => Parameters(graph, node)), nodes.Sum(node => Operations(graph, node))));
        }

        return rows.ToEquatableArray();
    }

    /// <summary>The shape of a layer's own result; behind that an output may be flattened.</summary>
    private static EquatableArray<int> Shape(LayerDeclaration layer, IReadOnlyList<Node> nodes) => layer switch
    {
        ReshapeDeclaration => nodes[0].Shape,
        GlobalPoolDeclaration => nodes[1].Shape,
        _ => nodes.TakeWhile(node => node.Operation is not ReshapeOperation).Last().Shape,
    };

    private static long Parameters(Graph graph, Node node) => node.Operation switch
    {
        _ when node.Owner is not null => 0,
        DenseOperation dense => (long)node.Size * (graph[node.Inputs[0]].Size + (dense.Bias ? 1 : 0)),
        ConvolutionOperation convolution => Filter(convolution) * convolution.Window.Result.Channels + (convolution.Bias ? node.Shape[0] : 0),
        BiasOperation => node.Shape[0],
        BatchNormOperation or LayerNormOperation => 2L * node.Shape[0],
        _ => 0,
    };

    /// <summary>A batch's normalisation is one multiply-add when predicting; a sample's takes its sums too.</summary>
    private static long Operations(Graph graph, Node node) => node.Operation switch
    {
        DenseOperation => 2L * node.Size * graph[node.Inputs[0]].Size,
        ConvolutionOperation convolution => 2 * Filter(convolution) * convolution.Window.Result.Size,
        BiasOperation => node.Size,
        PoolOperation pool => (long)node.Size * pool.Window.Kernel.Area,
        JoinOperation { Joining: not Joining.Concat } => (long)node.Size * (node.Inputs.Count - 1),
        BatchNormOperation => 2L * node.Size,
        LayerNormOperation => 6L * node.Size,
        _ => 0,
    };

    /// <summary>The weights of one filter.</summary>
    private static long Filter(ConvolutionOperation convolution) => (long)convolution.Window.Source.Channels / convolution.Groups * convolution.Window.Kernel.Area;

    private static string Text(IEnumerable<int> shape) => string.Join("x", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private static string Kind(LayerDeclaration layer) => layer switch
    {
        DenseDeclaration { IsLinear: true } => "Linear",
        DenseDeclaration { Activation.Kind: Activation.Identity } => "Dense",
        DenseDeclaration dense => $"Dense, {Name(dense.Activation)}",
        ConvolutionDeclaration convolution =>
            $"Conv{(convolution.IsTransposed ? "Transpose" : "")}{convolution.Dimensions.ToString(CultureInfo.InvariantCulture)}D {Window(convolution.Dimensions, convolution.Window)}{(convolution.Activation.Kind == Activation.Identity ? "" : $", {Name(convolution.Activation)}")}",
        PoolDeclaration pool => $"{Pool(pool.Pooling)}Pool{pool.Dimensions.ToString(CultureInfo.InvariantCulture)}D {Window(pool.Dimensions, pool.Window)}",
        GlobalPoolDeclaration pool => $"Global{Pool(pool.Pooling)}Pool",
        ReshapeDeclaration { Shape: null } => "Flatten",
        JoinDeclaration join => join.Joining.ToString(),
        ActivationDeclaration activation => Name(activation.Function),
        DropoutDeclaration dropout => $"Dropout {dropout.Rate.ToString("0.###", CultureInfo.InvariantCulture)}",
        _ => layer.GetType().Name.Replace("Declaration", ""),
    };

    private static string Name(ActivationFunction function) => function.Own ?? function.Kind.ToString();

    private static string Pool(Pooling pooling) => pooling == Pooling.Max ? "Max" : "Avg";

    private static string Window(int dimensions, WindowDeclaration window) =>
        dimensions == 1 ? Text([window.Kernel.Width]) : Text([window.Kernel.Height, window.Kernel.Width]);
}
