using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>Layers that use the parameters of others.</summary>
internal sealed partial class InferShapes
{
    /// <summary>Lets a layer's product use the parameters of an earlier one, if these fit it.</summary>
    private void Share(LayerDeclaration layer, string owner, int product, int anchor)
    {
        var of = _nodes.Take(product).FirstOrDefault(node => node.Name == owner && node.Operation is DenseOperation or ConvolutionOperation);
        if (of is null || Kind(of) != Kind(_nodes[product]))
        {
            Error(ErrorIds.SharedWithUnknown, new(anchor, "SharedWith"), layer.Name, owner);
            return;
        }

        var (theirs, needed) = (Parameters(of), Parameters(_nodes[product]));
        if (theirs != needed)
        {
            Error(ErrorIds.SharedShapes, new(anchor, "SharedWith"), layer.Name, owner, theirs, needed);
            return;
        }

        _nodes[product] = _nodes[product] with { Owner = of.Owner ?? of.Id };
    }

    private static string Kind(Node node) => node.Operation is ConvolutionOperation convolution ? $"{convolution.IsTransposed} {Text(node.Shape.Count)}" : "dense";

    /// <summary>The shapes of a product's parameters, for comparison and for people.</summary>
    private string Parameters(Node node) => node.Operation switch
    {
        ConvolutionOperation { Window: var window } convolution => Text([window.Result.Channels, window.Source.Channels / convolution.Groups, window.Kernel.Height, window.Kernel.Width], convolution.Bias),
        DenseOperation dense => Text([node.Size, _nodes[node.Inputs[0]].Size], dense.Bias),
        _ => "",
    };

    private static string Text(int[] weight, bool hasBias) => $"[{string.Join(", ", weight)}]{(hasBias ? "" : " without a bias")}";
}
