using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.IntegrationTests.Support;

/// <summary>
/// Nets over images and sequences, and with branches, from a text form: the input's shape and the layers, between spaces, as in
/// <c>"3x8x7 a=Conv(6,3x2,s2,same):ReLU b=Conv(6,1)@a Add(a,b) MaxPool(2,s1) Flatten 10"</c>. Before <c>=</c> stands a name, after <c>@</c> the node
/// that is taken, before that after <c>~</c> the layer whose parameters are used. Several inputs stand before the layers, each with its name: <c>"image:3x8x7 size:2 …"</c>. <c>Conv1</c> goes over
/// sequences. After filters and kernel come <c>s</c> stride, <c>p</c> padding or <c>same</c>, <c>d</c> dilation,
/// <c>g</c> groups and <c>nobias</c>; two numbers with an x are height and width. <c>ConvT</c> and <c>ConvT1</c> are transposed, with <c>o</c> output
/// padding; <c>Linear(6)</c> and <c>Bias</c> are products and biases alone. Everything else is as in <see cref="NetSpec.Of(string)"/>.
/// </summary>
internal static partial class GraphText
{
    /// <summary>A net that trains.</summary>
    public static NetSpec Of(string text, Loss loss, int batch, double rate = 0.05, OptimizerSpec? optimizer = null) =>
        Of(text) with { Training = new TrainSpec(loss, batch, rate, 1.0) { Optimizer = optimizer ?? new(Optimizer.Sgd) } };

    /// <summary>A net that predicts only.</summary>
    public static NetSpec Of(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var inputs = parts.TakeWhile(part => InputForm().IsMatch(part)).Select(part => part.Split(':')).Select(part => new InputSpec(part[0], Numbers(part[1]))).ToList();
        if (inputs.Count > 0)
        {
            return new NetSpec(inputs.Sum(input => input.Size), [.. parts.Skip(inputs.Count).Select(Named)], null) { InputList = inputs };
        }

        var shape = Numbers(parts[0]);
        return new NetSpec(shape.Aggregate(1, (size, dimension) => size * dimension), [.. parts.Skip(1).Select(Named)], null) { Shape = shape.Length > 1 ? shape : null };
    }

    private static LayerSpec Named(string text)
    {
        var match = NodeForm().Match(text);
        var layer = Layer(match.Groups["layer"].Value);
        return layer with
        {
            SharedWith = match.Groups["owner"] is { Success: true } owner ? owner.Value : null,
            Name = match.Groups["name"] is { Success: true } name ? name.Value : null,
            From = match.Groups["from"] is { Success: true } from ? [from.Value] : layer.From,
        };
    }

    private static LayerSpec Layer(string text)
    {
        var match = LayerForm().Match(text);
        if (!match.Success)
        {
            return NetSpec.Layer(text);
        }

        var kind = match.Groups["kind"].Value;
        string[] arguments = match.Groups["arguments"].Success ? match.Groups["arguments"].Value.Split(',') : [];
        return kind switch
        {
            "Conv" or "Conv1" => Convolution(kind == "Conv" ? 2 : 1, arguments, match.Groups["function"].Value),
            "ConvT" or "ConvT1" => Transposed(kind == "ConvT" ? 2 : 1, arguments, match.Groups["function"].Value),
            "Linear" => new LinearSpec(Numbers(arguments[0])[0]),
            "Bias" => new BiasSpec(Frozen: arguments is ["frozen"]),
            "MaxPool" or "AvgPool" => Pool(2, kind == "MaxPool", arguments),
            "MaxPool1" or "AvgPool1" => Pool(1, kind == "MaxPool1", arguments),
            "GlobalMaxPool" or "GlobalAvgPool" => new GlobalPoolSpec(kind == "GlobalMaxPool"),
            "Flatten" => new ReshapeSpec(),
            "Reshape" => new ReshapeSpec(Numbers(arguments[0])),
            _ => new JoinSpec(kind) { From = arguments },
        };
    }

    private static ConvSpec Convolution(int dimensions, string[] arguments, string function)
    {
        var (height, width) = Both(arguments[1]);
        var layer = new ConvSpec(int.Parse(arguments[0], CultureInfo.InvariantCulture), height, width, Function(function), dimensions);
        foreach (var option in arguments.Skip(2))
        {
            layer = option switch
            {
                "same" => layer with { Padding = (Padding.Same, Padding.Same) },
                "nobias" => layer with { Bias = false },
                ['s', ..] => layer with { Stride = Both(option[1..]) },
                ['p', ..] => layer with { Padding = Both(option[1..]) },
                ['d', ..] => layer with { Dilation = Both(option[1..]).Width },
                ['g', ..] => layer with { Groups = Both(option[1..]).Width },
                _ => throw new FormatException($"'{option}' is no option of a convolution."),
            };
        }

        return layer;
    }

    private static ConvTransposeSpec Transposed(int dimensions, string[] arguments, string function)
    {
        var more = arguments.FirstOrDefault(option => option[0] == 'o');
        return new(Convolution(dimensions, [.. arguments.Where(option => option[0] != 'o')], function)) { OutputPadding = more is null ? default : Both(more[1..]) };
    }

    private static FunctionSpec Function(string name) => OwnFunctions.Activations.ContainsKey(name)
        ? new(Activation.Custom) { Own = name }
        : new(name.Length == 0 ? Activation.Identity : Enum.Parse<Activation>(name));

    private static PoolSpec Pool(int dimensions, bool isMaximum, string[] arguments)
    {
        var (height, width) = Both(arguments[0]);
        var stride = arguments.FirstOrDefault(option => option[0] == 's' && option != "same");
        var padding = arguments.Contains("same") ? Padding.Same : arguments.FirstOrDefault(option => option[0] == 'p') is { } zeros ? Both(zeros[1..]).Width : 0;
        return new(isMaximum, height, width, stride is null ? width : Both(stride[1..]).Width, padding, dimensions);
    }

    private static (int Height, int Width) Both(string text) => Numbers(text) is var numbers && numbers.Length == 2 ? (numbers[0], numbers[1]) : (numbers[0], numbers[0]);

    private static int[] Numbers(string text) => [.. text.Split('x').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^[a-z]\w*:\d")]
    private static partial Regex InputForm();

    [GeneratedRegex(@"^(?:(?<name>\w+)=)?(?<layer>[^@~]+)(?:~(?<owner>\w+))?(?:@(?<from>\w+))?$")]
    private static partial Regex NodeForm();

    [GeneratedRegex(@"^(?<kind>ConvT?1?|Linear|Bias|MaxPool1?|AvgPool1?|GlobalMaxPool|GlobalAvgPool|Flatten|Reshape|Add|Multiply|Concat)(?:\((?<arguments>[^)]*)\))?(?::(?<function>\w+))?$")]
    private static partial Regex LayerForm();
}
