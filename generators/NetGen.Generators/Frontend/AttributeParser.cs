using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Frontend;

/// <summary>The attributes' arguments as inputs, layers and training; what only the front end can know is checked here.</summary>
internal sealed partial class AttributeParser(NetworkAttributes attributes, OwnFunctionReader functions, List<CompilerError> errors)
{
    /// <summary>The inputs in source order; null when one cannot be read.</summary>
    public IReadOnlyList<InputDeclaration>? Inputs()
    {
        var inputs = new List<InputDeclaration>();
        for (var i = 0; i < attributes.Inputs.Length; i++)
        {
            var reader = attributes.Inputs[i];
            if (reader.Array("shape") is not { Length: > 0 } shape)
            {
                errors.Add(new(ErrorIds.NoShape, new(i)));
                continue;
            }

            inputs.Add(new(reader.String("Name") ?? "input", shape.Select(size => size.Value is int value ? value : 0).ToEquatableArray(), Bytes(reader)));
        }

        return inputs.Count == attributes.Inputs.Length ? inputs : null;
    }

    /// <summary>
    /// Only an input that says so takes bytes: with overloads for both, a literal <c>[0, 1]</c> would be bytes and mean something else.
    /// </summary>
    private static ByteScale? Bytes(AttributeReader reader) => reader.TakesBytes
        ? new(reader.Double("Scale", 1), reader.Double("Offset", 0))
        : null;

    /// <summary>The layers in source order; null when one cannot be read.</summary>
    public IReadOnlyList<LayerDeclaration>? Layers(IReadOnlyList<InputDeclaration>? inputs)
    {
        var layers = new List<LayerDeclaration>();
        var before = inputs is { Count: > 0 } ? inputs[inputs.Count - 1].Name : null;
        var complete = true;
        for (var i = 0; i < attributes.Layers.Length; i++)
        {
            var reader = attributes.Layers[i];
            var name = reader.String("Name") ?? "layer" + (i + 1).ToString(CultureInfo.InvariantCulture);
            var layer = Layer(reader, attributes.Inputs.Length + i, name, From(reader, before));
            complete &= layer is not null;
            if (layer is not null)
            {
                layers.Add(layer);
            }

            before = name;
        }

        return complete ? layers : null;
    }

    /// <summary>How the network learns; null without <c>[Train]</c> or when it cannot be read.</summary>
    public TrainDeclaration? Train()
    {
        if (attributes.Train is not { } reader)
        {
            return null;
        }

        var anchor = attributes.Inputs.Length + attributes.Layers.Length;
        var losses = Losses(reader, anchor);
        var optimizer = Enum<Optimizer>(reader, anchor, "optimizer");
        return losses is null || optimizer is null
            ? null
            : new(losses.ToEquatableArray(), Settings(reader, anchor, optimizer.Value), reader.Int("BatchSize", 32));
    }

    /// <summary>The optimiser's constants, with its own for those that are not given.</summary>
    private OptimizerSettings Settings(AttributeReader reader, int anchor, Optimizer optimizer)
    {
        foreach (var (option, optimizers) in OptimizerRules.Options)
        {
            if (reader.Has(option) && !optimizers.Contains(optimizer))
            {
                DoesNotApply(anchor, option, OptimizerRules.Names(optimizers), $"Optimizer.{optimizer}");
            }
        }

        double? Given(string option, double? otherwise = null) => reader.Has(option) ? reader.Double(option, 0) : otherwise;
        var momentum = Given("Momentum");
        var nesterov = reader.Bool("Nesterov", false);
        if (nesterov && optimizer == Optimizer.Sgd && momentum is null or 0)
        {
            DoesNotApply(anchor, "Nesterov", "a Momentum above 0", momentum is null ? "none" : "Momentum = 0");
        }

        return new(optimizer, reader.Double("LearningRate", OptimizerRules.DefaultLearningRate(optimizer)))
        {
            Momentum = momentum,
            Nesterov = nesterov,
            WeightDecay = Given("WeightDecay", OptimizerRules.DefaultWeightDecay(optimizer)),
            Beta1 = reader.Double("Beta1", 0.9),
            Beta2 = reader.Double("Beta2", 0.999),
            Epsilon = reader.Double("Epsilon", OptimizerRules.DefaultEpsilon(optimizer)),
            Rho = reader.Double("Rho", 0.9),
            Alpha = reader.Double("Alpha", 0.99),
            ClipNorm = Given("ClipNorm"),
            ClipValue = Given("ClipValue"),
        };
    }

    private LayerDeclaration? Layer(AttributeReader reader, int anchor, string name, EquatableArray<string> from) => reader.Kind switch
    {
        "Dense" => Dense(reader, anchor, name, from),
        "Linear" => Linear(reader, anchor, name, from),
        "Bias" => Enum<Initializer>(reader, anchor, "BiasInitializer") is { } start ? new BiasDeclaration(name, from, start) { Frozen = Frozen(reader, anchor) } : null,
        "Activation" => Function(reader, anchor, "kind") is { } kind ? new ActivationDeclaration(name, from, kind) : null,
        "BatchNorm" => new BatchNormDeclaration(name, from, reader.Double("Momentum", 0.1), reader.Double("Epsilon", 1e-5)) { Frozen = Frozen(reader, anchor) },
        "LayerNorm" => new LayerNormDeclaration(name, from, reader.Double("Epsilon", 1e-5)) { Frozen = Frozen(reader, anchor) },
        "Dropout" => new DropoutDeclaration(name, from, reader.Double("rate", 0)),
        "GaussianNoise" => new GaussianNoiseDeclaration(name, from, reader.Double("stddev", 0)),
        _ => ImageLayer(reader, anchor, name, from),
    };

    private DenseDeclaration? Dense(AttributeReader reader, int anchor, string name, EquatableArray<string> from)
    {
        var sum = WeightedSum(reader, anchor);
        var rules = Rules(reader, anchor);
        return sum is not { } common || Enum<Unrolling>(reader, anchor, "Unroll") is not { } unroll
            ? null
            : new DenseDeclaration(name, from, reader.Int("units"), common.Activation, common.Bias, common.Weights, common.Biases)
            {
                Unroll = unroll,
                TileRows = reader.Int("TileRows", 0),
                Rules = rules,
                Frozen = Frozen(reader, anchor),
                SharedWith = SharedWith(reader, anchor),
            };
    }

    /// <summary>What every layer of weighted sums says alike: what follows them, whether a bias is added, and how its parameters start; null if one cannot be read.</summary>
    private (ActivationFunction Activation, bool Bias, Initializer Weights, Initializer Biases)? WeightedSum(AttributeReader reader, int anchor)
    {
        var activation = Function(reader, anchor, "activation");
        var weights = Enum<Initializer>(reader, anchor, "WeightInitializer");
        var biases = Enum<Initializer>(reader, anchor, "BiasInitializer");
        var bias = reader.Bool("Bias", true);
        if (!bias && reader.Has("BiasInitializer"))
        {
            DoesNotApply(anchor, "BiasInitializer", "Bias = true", "Bias = false");
        }

        return activation is null || weights is null || biases is null ? null : (activation.Value, bias, weights.Value, biases.Value);
    }

    /// <summary>The layer whose parameters are used: what belongs to them stands there alone.</summary>
    private string? SharedWith(AttributeReader reader, int anchor)
    {
        if (reader.String("SharedWith") is not { } owner)
        {
            return null;
        }

        var ofParameters = LayerRules.Options.Where(option => !option.StartsWith("Activity", StringComparison.Ordinal)).Concat(["WeightInitializer", "BiasInitializer", "Frozen"]);
        foreach (var option in ofParameters.Where(option => reader.Has(option)))
        {
            DoesNotApply(anchor, option, "parameters of the layer's own", $"SharedWith = \"{owner}\"");
        }

        return owner;
    }

    /// <summary>A dense layer without bias and activation.</summary>
    private DenseDeclaration? Linear(AttributeReader reader, int anchor, string name, EquatableArray<string> from)
    {
        var rules = Rules(reader, anchor);
        return Enum<Initializer>(reader, anchor, "WeightInitializer") is not { } weights
            ? null
            : new(name, from, reader.Int("units"), default, false, weights, Initializer.Auto) { IsLinear = true, Rules = rules, Frozen = Frozen(reader, anchor), SharedWith = SharedWith(reader, anchor) };
    }

    /// <summary>Penalties and constraints, which only steps know and only parameters that learn feel.</summary>
    private LayerRules Rules(AttributeReader reader, int anchor)
    {
        foreach (var option in LayerRules.Options.Where(option => reader.Has(option) && (option != "NonNegative" || reader.Bool(option, false))))
        {
            if (attributes.Train is null)
            {
                DoesNotApply(anchor, option, "[Train]", "none");
            }
            else if (reader.Bool("Frozen", false) && !option.StartsWith("Activity", StringComparison.Ordinal))
            {
                DoesNotApply(anchor, option, "Frozen = false", "Frozen = true");
            }
            else if (!reader.Bool("Bias", true) && option.StartsWith("Bias", StringComparison.Ordinal))
            {
                DoesNotApply(anchor, option, "Bias = true", "Bias = false");
            }
        }

        Penalty? On(string what) =>
            (reader.Double(what + "L1", 0), reader.Double(what + "L2", 0)) is var (l1, l2) && (l1 != 0 || l2 != 0) ? new(l1, l2) : null;
        return new(On("Weight"), On("Bias"), On("Activity"), reader.Bool("NonNegative", false), reader.Has("MaxNorm") ? reader.Double("MaxNorm", 0) : null);
    }

    private bool Frozen(AttributeReader reader, int anchor)
    {
        var frozen = reader.Bool("Frozen", false);
        if (frozen && attributes.Train is null)
        {
            DoesNotApply(anchor, "Frozen", "[Train]", "none");
        }

        return frozen;
    }

    private ActivationFunction? Function(AttributeReader reader, int anchor, string parameter)
    {
        if (Enum<Activation>(reader, anchor, parameter) is not { } kind)
        {
            return null;
        }

        var own = reader.NamesFunction ? reader.String(reader.FunctionArgument) ?? "" : null;
        var got = own is null ? $"Activation.{kind}" : $"the function {own}";
        if (reader.Has("NegativeSlope") && kind != Activation.LeakyReLU)
        {
            DoesNotApply(anchor, "NegativeSlope", "Activation.LeakyReLU", got);
        }

        if (reader.Has("Alpha") && kind != Activation.ELU)
        {
            DoesNotApply(anchor, "Alpha", "Activation.ELU", got);
        }

        if (own is not null)
        {
            return Own(reader, anchor, kind, own);
        }

        if (kind == Activation.Custom)
        {
            NeedsName(anchor, parameter, "Activation.Custom", reader.Kind == "Activation" ? "[Activation(nameof(…))]" : "Function = nameof(…)");
            return null;
        }

        return kind switch
        {
            Activation.LeakyReLU => new(kind, reader.Double("NegativeSlope", 0.01)),
            Activation.ELU => new(kind, reader.Double("Alpha", 1.0)),
            _ => new(kind),
        };
    }

    private ActivationFunction? Own(AttributeReader reader, int anchor, Activation kind, string name)
    {
        if (kind is not (Activation.Identity or Activation.Custom))
        {
            DoesNotApply(anchor, reader.FunctionArgument, "no other activation", $"Activation.{kind}");
        }

        return functions.Read(name, new(anchor, reader.FunctionArgument), "z") ? new(Activation.Custom, 0, name) : null;
    }

    /// <summary>The nodes that a layer takes: those named, else the one before it, of which the first layer may have none.</summary>
    private static EquatableArray<string> From(AttributeReader reader, string? before)
    {
        if ((reader.Array("From") ?? reader.Array("from")) is { } names)
        {
            return names.Select(name => name.Value as string ?? "").ToEquatableArray();
        }

        return before is null ? EquatableArray<string>.Empty : new([before]);
    }

    private T? Enum<T>(AttributeReader reader, int anchor, string parameter)
        where T : struct, Enum
    {
        var number = reader.Enum(parameter);
        if (System.Enum.IsDefined(typeof(T), number))
        {
            return (T)System.Enum.ToObject(typeof(T), number);
        }

        errors.Add(new(ErrorIds.UndefinedEnumValue, new(anchor, parameter), number.ToString(CultureInfo.InvariantCulture), typeof(T).Name));
        return null;
    }

    private void NeedsName(int anchor, string argument, string member, string needs) =>
        errors.Add(new(ErrorIds.OptionDoesNotApply, new(anchor, argument), member, needs, "no name"));

    private void DoesNotApply(int anchor, string option, string needs, string got) =>
        errors.Add(new(ErrorIds.OptionDoesNotApply, new(anchor, option), option, needs, got));
}
