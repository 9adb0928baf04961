using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NetGen.IntegrationTests.Support;

/// <summary>
/// A network as a test declares it. The text form reads as the lectures write nets: <c>"784-30:Sigmoid-10!"</c> is 784
/// features, a dense layer of 30 with sigmoids, one of 10 without bias; a name alone, as in <c>"16-Tanh-4"</c>, is an
/// activation layer, or another layer without units, as in <c>"16-BatchNorm-Dropout(0.3)-4"</c>; <c>ELU(0.5)</c> gives a function its constant.
/// </summary>
/// <param name="Inputs">The features of a sample.</param>
/// <param name="Layers">The layers in order.</param>
/// <param name="Training">How it learns; null for a net that predicts only.</param>
internal sealed partial record NetSpec(int Inputs, IReadOnlyList<LayerSpec> Layers, TrainSpec? Training)
{
    /// <summary>How bytes become numbers; null for a net that takes numbers only.</summary>
    public (double Scale, double Offset)? Bytes { get; init; }

    /// <summary>The shape of a sample; null for features.</summary>
    public int[]? Shape { get; init; }

    /// <summary>Whether the loss compares classes, so that labels are taken too.</summary>
    public bool IsClassifier => Losses is null && (Training is { Loss: Loss.SoftmaxCrossEntropy or Loss.CrossEntropy }
        || (Training is { Loss: Loss.Hinge or Loss.SquaredHinge } && Outputs > 1));

    /// <summary>The same net with rules for some of its layers, by their number from 1; of a normalisation it may be frozen.</summary>
    public NetSpec With(params (int Layer, RuleSpec Rules)[] rules)
    {
        var layers = Layers.ToArray();
        foreach (var (layer, rule) in rules)
        {
            layers[layer - 1] = layers[layer - 1] switch
            {
                DenseSpec dense => dense with { Rules = rule },
                NormSpec norm when rule == new RuleSpec { Frozen = true } => norm with { Frozen = true },
                var other => throw new ArgumentException($"{other} has no such rules."),
            };
        }

        return this with { Layers = layers };
    }

    /// <summary>A net that trains, from its text form.</summary>
    public static NetSpec Of(string text, Loss loss, int batch = 8, double rate = 0.1, double huberDelta = 1.0) =>
        Of(text) with { Training = new TrainSpec(loss, batch, rate, loss == Loss.Huber ? huberDelta : 1.0) };

    /// <summary>A net that trains on a loss of its own: one of <see cref="OwnFunctions.Losses"/>.</summary>
    public static NetSpec OfOwnLoss(string text, string loss, int batch = 8, double rate = 0.1) =>
        Of(text) with { Training = new TrainSpec(Loss.Custom, batch, rate, 1.0) { OwnLoss = loss } };

    /// <summary>A net that predicts only, from its text form.</summary>
    public static NetSpec Of(string text)
    {
        var parts = text.Split('-');
        return new NetSpec(int.Parse(parts[0], CultureInfo.InvariantCulture), [.. parts.Skip(1).Select(Layer)], null);
    }

    /// <summary>The attributes, one a line, as a user would write them.</summary>
    /// <param name="prefix">What stands before names of NetGen's, such as <c>global::NetGen.</c>.</param>
    public string ToAttributes(string prefix = "")
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"[{prefix}Network]\n{InputAttributes(prefix)}");
        text.Append(InputList is not null ? "" : $"[{prefix}Input({string.Join(", ", Shape ?? [Inputs])}");
        text.Append(InputList is not null ? "" : Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", Scale = {bytes.Scale:R}, Offset = {bytes.Offset:R})]\n") : ")]\n");
        foreach (var layer in Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{layer.ToNamedAttribute(prefix)}]\n");
        }

        text.Append(OutputList is null ? "" : $"[{prefix}Output({string.Join(", ", OutputList.Select(name => $"\"{name}\""))})]\n");
        text.Append(string.Concat((Losses ?? []).Select(loss => $"[{loss.ToAttribute(prefix)}]\n")));
        if (Training is { } train)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{prefix}Train({(Losses is not null ? "" : train.OwnLoss is { } own ? $"nameof({own})" : $"{prefix}Loss.{train.Loss}")}{(Losses is null ? ", " : "")}{prefix}Optimizer.{train.Optimizer.Kind}, ")
                .Append(CultureInfo.InvariantCulture, $"LearningRate = {train.Rate:R}, BatchSize = {train.Batch}{train.Optimizer.ToArguments()}");
            text.Append(train.HuberDelta == 1.0 ? ")]\n" : string.Create(CultureInfo.InvariantCulture, $", HuberDelta = {train.HuberDelta:R})]\n"));
        }

        return text.ToString();
    }

    /// <summary>A whole file with this net as a public class of the name.</summary>
    public string ToSource(string name = "Net") => $"{(Body == ";" ? "" : "using System;\n")}using NetGen;\n{ToClass(name)}";

    /// <summary>The class's own functions, where it has some.</summary>
    private string Body
    {
        get
        {
            var methods = Layers.Select(layer => layer switch
            {
                DenseSpec dense => dense.Function.Own,
                ConvSpec convolution => convolution.Function.Own,
                ActivationSpec activation => activation.Function.Own,
                _ => null,
            }).OfType<string>().Distinct().Select(name => OwnFunctions.Activations[name].Source);
            var losses = (Losses ?? []).Select(loss => loss.Own).Append(Training?.OwnLoss).OfType<string>().Distinct();
            methods = methods.Concat(losses.Select(loss => OwnFunctions.Losses[loss].Source));
            var text = string.Join("\n\n", methods);
            return text.Length == 0 ? ";" : $"\n{{\n{text}\n}}";
        }
    }

    /// <summary>This net as a public class of the name, for a file that uses our namespace.</summary>
    public string ToClass(string name) => $"\n/// <summary>A net of a test.</summary>\n{ToAttributes()}public partial class {name}{Body}\n";

    /// <summary>A layer from its text form.</summary>
    internal static LayerSpec Layer(string text)
    {
        var match = LayerForm().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"'{text}' is no layer.");
        }

        if (match.Groups["kind"] is { Success: true, Value: var own } && OwnFunctions.Activations.ContainsKey(own))
        {
            var named = new FunctionSpec(Activation.Custom) { Own = own };
            return match.Groups["units"].Success ? new DenseSpec(int.Parse(match.Groups["units"].Value, CultureInfo.InvariantCulture), named, !match.Groups["nobias"].Success) : new ActivationSpec(named);
        }

        if (match.Groups["kind"].Success && !Enum.TryParse<Activation>(match.Groups["kind"].Value, out _))
        {
            var number = match.Groups["constant"] is { Success: true } n ? double.Parse(n.Value, CultureInfo.InvariantCulture) : (double?)null;
            return match.Groups["kind"].Value switch
            {
                "BatchNorm" => new NormSpec(IsBatch: true, Momentum: number),
                "LayerNorm" => new NormSpec(IsBatch: false),
                "Bias" => new BiasSpec(),
                "Dropout" => new DropoutSpec(number ?? throw new FormatException($"'{text}' has no rate.")),
                "GaussianNoise" => new NoiseSpec(number ?? throw new FormatException($"'{text}' has no deviation.")),
                _ => throw new FormatException($"'{text}' is no layer."),
            };
        }

        var constant = match.Groups["constant"] is { Success: true } c ? double.Parse(c.Value, CultureInfo.InvariantCulture) : (double?)null;
        var function = new FunctionSpec(
            match.Groups["kind"].Success ? Enum.Parse<Activation>(match.Groups["kind"].Value) : Activation.Identity, constant);
        return match.Groups["units"].Success
            ? new DenseSpec(int.Parse(match.Groups["units"].Value, CultureInfo.InvariantCulture), function, !match.Groups["nobias"].Success)
            : new ActivationSpec(function);
    }

    [GeneratedRegex(@"^(?:(?<units>\d+)(?<nobias>!)?(?::|$))?(?<kind>[A-Z]\w*)?(?:\((?<constant>[\d.]+)\))?$")]
    private static partial Regex LayerForm();
}

/// <summary>How a net learns.</summary>
internal sealed record TrainSpec(Loss Loss, int Batch, double Rate, double HuberDelta)
{
    public OptimizerSpec Optimizer { get; init; } = new(NetGen.Optimizer.Sgd);

    /// <summary>With <see cref="NetGen.Loss.Custom"/> the class's own loss.</summary>
    public string? OwnLoss { get; init; }
}

/// <summary>An optimiser with the options that are given.</summary>
internal sealed record OptimizerSpec(Optimizer Kind)
{
    public double? Momentum { get; init; }

    public bool Nesterov { get; init; }

    public double? WeightDecay { get; init; }

    public double? Beta1 { get; init; }

    public double? Beta2 { get; init; }

    public double? Epsilon { get; init; }

    public double? Rho { get; init; }

    public double? Alpha { get; init; }

    public double? ClipNorm { get; init; }

    public double? ClipValue { get; init; }

    /// <summary>The options as arguments, each after a comma.</summary>
    public string ToArguments()
    {
        (string Name, double? Value)[] options =
        [
            (nameof(Momentum), Momentum), (nameof(WeightDecay), WeightDecay), (nameof(Beta1), Beta1), (nameof(Beta2), Beta2),
            (nameof(Epsilon), Epsilon), (nameof(Rho), Rho), (nameof(Alpha), Alpha), (nameof(ClipNorm), ClipNorm), (nameof(ClipValue), ClipValue),
        ];
        var given = options.Where(option => option.Value is not null)
            .Select(option => string.Create(CultureInfo.InvariantCulture, $", {option.Name} = {option.Value:R}"));
        return string.Concat(given) + (Nesterov ? ", Nesterov = true" : "");
    }

    /// <summary>Its name and options: that of a test case.</summary>
    public override string ToString() => Kind + ToArguments();
}

/// <summary>A layer.</summary>
internal abstract record LayerSpec
{
    /// <summary>The layer's name; null for the counted one.</summary>
    public string? Name { get; init; }

    /// <summary>The nodes that it takes; null for the one before it.</summary>
    public string[]? From { get; init; }

    /// <summary>The layer whose parameters it uses; null for its own.</summary>
    public string? SharedWith { get; init; }

    public abstract string ToAttribute(string prefix);

    /// <summary>The attribute with the layer's name and what it takes.</summary>
    public string ToNamedAttribute(string prefix)
    {
        var text = ToAttribute(prefix);
        string?[] more = [SharedWith is null ? null : $"SharedWith = \"{SharedWith}\"", Name is null ? null : $"Name = \"{Name}\"", From is null || this is JoinSpec ? null : $"From = new[] {{ {string.Join(", ", From.Select(name => $"\"{name}\""))} }}"];
        var given = string.Join(", ", more.Where(argument => argument is not null));
        return given.Length == 0 ? text : $"{text[..^1]}{(text.EndsWith("()", StringComparison.Ordinal) ? "" : ", ")}{given})";
    }
}

/// <summary>A dense layer with its activation.</summary>
internal sealed record DenseSpec(int Units, FunctionSpec Function, bool Bias = true, Initializer Weights = default, Initializer Biases = default) : LayerSpec
{
    /// <summary>Penalties, constraints, and whether it is frozen; null for none of these.</summary>
    public RuleSpec? Rules { get; init; }

    public override string ToAttribute(string prefix)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{prefix}Dense({Units}"));
        if (Function.Own is { } own)
        {
            text.Append(CultureInfo.InvariantCulture, $", Function = nameof({own})");
        }
        else if (Function.Kind != Activation.Identity)
        {
            text.Append(CultureInfo.InvariantCulture, $", {prefix}Activation.{Function.Kind}");
        }

        text.Append(Function.ConstantArgument);
        text.Append(Bias ? "" : ", Bias = false");
        text.Append(Weights == default ? "" : $", WeightInitializer = {prefix}Initializer.{Weights}");
        text.Append(Biases == default ? "" : $", BiasInitializer = {prefix}Initializer.{Biases}");
        text.Append(Rules?.ToArguments());
        return text.Append(')').ToString();
    }
}

/// <summary>An activation as a layer of its own.</summary>
internal sealed record ActivationSpec(FunctionSpec Function) : LayerSpec
{
    public override string ToAttribute(string prefix) => Function.Own is { } own
        ? $"{prefix}Activation(nameof({own}))"
        : $"{prefix}Activation({prefix}Activation.{Function.Kind}{Function.ConstantArgument})";
}

/// <summary>A normalisation over a batch's samples or a sample's features.</summary>
internal sealed record NormSpec(bool IsBatch, double? Momentum = null, double? Epsilon = null) : LayerSpec
{
    public bool Frozen { get; init; }

    public override string ToAttribute(string prefix)
    {
        string?[] options = [Option("Momentum", Momentum), Option("Epsilon", Epsilon), Frozen ? "Frozen = true" : null];
        return $"{prefix}{(IsBatch ? "BatchNorm" : "LayerNorm")}({string.Join(", ", options.Where(o => o is not null))})";
    }

    private static string? Option(string name, double? value) => value is { } v ? string.Create(CultureInfo.InvariantCulture, $"{name} = {v:R}") : null;
}

/// <summary>Dropout.</summary>
internal sealed record DropoutSpec(double Rate) : LayerSpec
{
    public override string ToAttribute(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}Dropout({Rate:R})");
}

/// <summary>Noise of a normal distribution.</summary>
internal sealed record NoiseSpec(double Deviation) : LayerSpec
{
    public override string ToAttribute(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}GaussianNoise({Deviation:R})");
}

/// <summary>An activation function and its constant, where it was given.</summary>
internal sealed record FunctionSpec(Activation Kind, double? Constant = null)
{
    /// <summary>With <see cref="Activation.Custom"/> the class's own function: one of <see cref="OwnFunctions.Activations"/>.</summary>
    public string? Own { get; init; }

    /// <summary>LeakyReLU's slope.</summary>
    public double NegativeSlope => Kind == Activation.LeakyReLU ? Constant ?? 0.01 : 0.01;

    /// <summary>ELU's α.</summary>
    public double Alpha => Kind == Activation.ELU ? Constant ?? 1.0 : 1.0;

    public string ConstantArgument => Constant is not { } value ? "" : Kind switch
    {
        Activation.LeakyReLU => string.Create(CultureInfo.InvariantCulture, $", NegativeSlope = {value:R}"),
        Activation.ELU => string.Create(CultureInfo.InvariantCulture, $", Alpha = {value:R}"),
        _ => throw new InvalidOperationException($"{Kind} has no constant."),
    };
}
