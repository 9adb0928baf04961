using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Support;

namespace NetGen.Compiler.Passes;

/// <summary>A declaration's graph, null if an error stops it, and everything wrong with the declaration.</summary>
internal sealed record InferredShapes(Graph? Graph, EquatableArray<CompilerError> Errors);

/// <summary>
/// The first pass: which node takes which, and how many numbers each gives. What it lets through, every later pass can rely on:
/// known names, positive sizes, blocks that fit an array, a loss that fits the last layer.
/// </summary>
internal sealed partial class InferShapes
{
    /// <summary>The most numbers in a network's parameters and, apart from these, in a batch's values; padding included.</summary>
    private const double LargestBlock = 1 << 30;
    private const double LargestBatch = 1 << 28;

    /// <summary>Rows are padded to whole vectors.</summary>
    private const int Padding = 16;

    private readonly NetworkDeclaration _declaration;
    private readonly List<CompilerError> _errors = [];
    private readonly List<Node> _nodes = [];

    // Of each name: the node that gives its result. A dense layer's activation bears the layer's name and gives it.
    private readonly Dictionary<string, int> _results = new(StringComparer.OrdinalIgnoreCase);

    // Which declarations others take; names are compared as they are written.
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private double _parameters;

    private InferShapes(NetworkDeclaration declaration) => _declaration = declaration;

    public static InferredShapes Run(NetworkDeclaration declaration)
    {
        var pass = new InferShapes(declaration);
        var graph = pass.Infer();
        return new(pass._errors.Any(error => error.StopsCompilation) ? null : graph, pass._errors.ToEquatableArray());
    }

    private int InputCount => _declaration.Inputs.Count;

    private Graph? Infer()
    {
        if (InputCount == 0)
        {
            Error(ErrorIds.NoInput, Anchor.Class, _declaration.ClassName);
        }

        if (_declaration.Layers.Count == 0)
        {
            Error(ErrorIds.NoLayer, Anchor.Class, _declaration.ClassName);
        }

        AddInputRow();
        for (var i = 0; i < InputCount; i++)
        {
            AddInput(_declaration.Inputs[i], i);
        }

        for (var i = 0; i < _declaration.Layers.Count; i++)
        {
            AddLayer(_declaration.Layers[i], InputCount + i);
        }

        FindOutputs();
        CheckUse();
        CheckTraining();
        if (_nodes.Count == 0)
        {
            return null;
        }

        var (output, losses) = AddOutputs();
        return new(_nodes.ToEquatableArray(), output, losses.ToEquatableArray());
    }

    private void AddInput(InputDeclaration input, int anchor)
    {
        var size = 1.0;
        var shape = input.Shape.Select(dimension => Math.Max(1, dimension)).ToEquatableArray();
        CheckOption(shape.Count <= 3, anchor, "shape", "one to three sizes", shape.Count);
        for (var d = 0; d < input.Shape.Count; d++)
        {
            CheckSize(input.Shape[d], new(anchor, $"shape[{d}]"), $"dimension {d + 1} of '{input.Name}'");
            size *= Math.Max(1, input.Shape[d]);
        }

        if (size > LargestBatch)
        {
            Error(ErrorIds.TooLarge, new(anchor, "shape"), $"A sample of '{input.Name}'", Text(size), Text(LargestBatch));
            shape = new([1]);
        }

        if (input.Bytes is { } bytes)
        {
            CheckOption(IsFactor(bytes.Scale), anchor, "Scale", "a finite number other than 0", bytes.Scale);
            CheckOption(IsFinite((float)bytes.Offset), anchor, "Offset", "a finite number", bytes.Offset);
        }

        if (anchor > 0 && input.Bytes != _declaration.Inputs[0].Bytes)
        {
            Error(ErrorIds.OptionOutOfRange, new(anchor, "Scale"), "Scale and Offset", "the same at all inputs, or given at none", input.Bytes is { } given ? $"{Text(given.Scale, "R")} and {Text(given.Offset, "R")}" : "not given");
        }

        var node = InputCount == 1 ? Add(input.Name, new InputOperation(), [], shape) : AddSlice(input.Name, anchor, shape);
        Name(input.Name, anchor, node);
    }

    private void AddLayer(LayerDeclaration layer, int anchor)
    {
        if (layer is JoinDeclaration join)
        {
            AddJoin(join, anchor);
            Name(layer.Name, anchor, _nodes.Count - 1);
            return;
        }

        var own = _nodes.Count;
        var source = Source(layer, anchor);
        var inputs = source is { } id ? new EquatableArray<int>([id]) : EquatableArray<int>.Empty;
        var shape = source is { } known ? _nodes[known].Shape : new([1]);
        var size = shape.Aggregate(1, (product, dimension) => product * dimension);
        switch (layer)
        {
            case BiasDeclaration bias:
                _parameters += Padded(shape[0]);
                Add(layer.Name, new BiasOperation(bias.BiasInitializer), inputs, shape);
                break;
            case ConvolutionDeclaration { IsTransposed: true } transposed:
                AddTransposed(transposed, anchor, inputs, shape, source is not null);
                break;
            case DenseDeclaration dense:
                AddDense(dense, anchor, inputs, size, source is not null);
                break;
            case ActivationDeclaration activation:
                CheckFunction(activation.Function, anchor, "kind", size, source is not null);
                CheckSoftmax(layer, activation.Function, anchor, "kind", shape);
                Add(layer.Name, new ActivationOperation(activation.Function), inputs, shape);
                break;
            case BatchNormDeclaration norm:
                CheckOption(IsPositive(norm.Momentum) && norm.Momentum <= 1, anchor, "Momentum", "a number above 0 and at most 1", norm.Momentum);
                CheckNormalization(anchor, norm.Epsilon, shape[0]);
                if (_declaration.Train is { BatchSize: 1 } && size == shape[0]) // of images a sample alone has as many numbers as pixels
                {
                    Error(ErrorIds.BatchOfOne, new(anchor), norm.Name);
                }

                Add(layer.Name, new BatchNormOperation(norm.Momentum, norm.Epsilon), inputs, shape);
                break;
            case LayerNormDeclaration norm:
                CheckNormalization(anchor, norm.Epsilon, size);
                CheckFlat(norm, anchor, inputs);
                if (size == 1 && source is not null)
                {
                    Error(ErrorIds.NormalizationOfOne, new(anchor), norm.Name);
                }

                Add(layer.Name, new LayerNormOperation(norm.Epsilon), inputs, shape);
                break;
            case DropoutDeclaration dropout:
                CheckOption(dropout.Rate >= 0 && (float)dropout.Rate < 1, anchor, "rate", "a number of at least 0 and below 1", dropout.Rate);
                Add(layer.Name, new DropoutOperation(dropout.Rate, anchor - InputCount + 1), inputs, shape);
                break;
            case GaussianNoiseDeclaration noise:
                CheckOption(noise.Deviation >= 0 && IsFinite((float)noise.Deviation), anchor, "stddev", "a finite number of at least 0", noise.Deviation);
                Add(layer.Name, new GaussianNoiseOperation(noise.Deviation, anchor - InputCount + 1), inputs, shape);
                break;
            case ConvolutionDeclaration convolution:
                AddConvolution(convolution, anchor, inputs, shape, source is not null);
                break;
            case PoolDeclaration pool:
                AddPool(pool, anchor, inputs, shape, source is not null);
                break;
            case GlobalPoolDeclaration pool:
                AddGlobalPool(pool, anchor, inputs, shape, source is not null);
                break;
            case ReshapeDeclaration reshape:
                AddReshape(reshape, anchor, inputs, shape, source is not null);
                break;
            default:
                throw new InvalidOperationException($"no shape rule for {layer.GetType().Name}");
        }

        if (layer.SharedWith is { } owner && source is not null)
        {
            Share(layer, owner, own, anchor);
        }

        Name(layer.Name, anchor, _nodes.Count - 1);
    }

    private void CheckNormalization(int anchor, double epsilon, int size)
    {
        CheckOption(IsPositive(epsilon), anchor, "Epsilon", "a finite number above 0", epsilon);
        _parameters += 4 * Padded(size);
    }

    private void AddDense(DenseDeclaration dense, int anchor, EquatableArray<int> inputs, int size, bool known)
    {
        CheckOption(dense.TileRows is >= 0 and <= Schedule.MostTileRows, anchor, "TileRows", "from 0 to 16", dense.TileRows);
        CheckSize(dense.Units, new(anchor, "units"), $"the number of units of '{dense.Name}'");
        var units = Math.Max(1, dense.Units);
        CheckFlat(dense, anchor, inputs);
        AddParameters(dense, (double)size * Padded(units), units, new(anchor, "units"));
        CheckFunction(dense.Activation, anchor, "activation", units, known);
        var product = Add(dense.Name, new DenseOperation(dense.Bias, dense.WeightInitializer, dense.BiasInitializer) { Rules = dense.Rules }, inputs, new([units]));
        if (dense.Activation.Kind != Activation.Identity)
        {
            Add(dense.Name, new ActivationOperation(dense.Activation), new([product]), new([units]));
        }
    }

    /// <summary>Counts a layer's weights and biases; an error where its weights are too many, and where all parameters come to be.</summary>
    private void AddParameters(LayerDeclaration layer, double weights, int biases, Anchor anchor)
    {
        if (layer.SharedWith is not null)
        {
            return;
        }

        var before = _parameters;
        _parameters += weights + Padded(biases);
        if (weights > LargestBlock || (_parameters > LargestBlock && before <= LargestBlock))
        {
            Error(
                ErrorIds.TooLarge, anchor, weights > LargestBlock ? $"The weight of '{layer.Name}'" : "The network's parameters up to here",
                Text(Math.Max(weights, _parameters)), Text(LargestBlock));
        }
    }

    /// <summary>The node that a layer takes; null if that cannot be said, and then an error says why.</summary>
    private int? Source(LayerDeclaration layer, int anchor)
    {
        if (layer.From.Count != 1)
        {
            // Without inputs the first layer has nothing before it: told once, above.
            if (layer.From.Count > 1 || InputCount > 0)
            {
                Error(ErrorIds.SourceCount, new(anchor, "From"), layer.Name, Text(layer.From.Count), "exactly one node");
                _taken.UnionWith(layer.From);
            }

            return null;
        }

        return Source(layer, anchor, 0);
    }

    /// <summary>The k-th node that a layer takes; null if there is none of that name before it.</summary>
    private int? Source(LayerDeclaration layer, int anchor, int k)
    {
        var name = layer.From[k];
        var argument = $"{(layer is JoinDeclaration ? "from" : "From")}[{Text(k)}]";
        _taken.Add(name);
        if (_results.TryGetValue(name, out var id) && _nodes[id].Name == name)
        {
            return id;
        }

        // The one before it is taken by default, whatever it is called: a bad name there has its own error.
        if (_declaration.Layers.Any(each => each.Name == name))
        {
            Error(ErrorIds.LaterNode, new(anchor, argument), layer.Name, name);
        }
        else
        {
            Error(ErrorIds.UnknownNode, new(anchor, argument), layer.Name, name, Known);
        }

        return null;
    }

    private int Add(string name, Operation operation, EquatableArray<int> inputs, EquatableArray<int> shape)
    {
        _nodes.Add(new(_nodes.Count, name, operation, inputs, shape));
        return _nodes.Count - 1;
    }

    private void Name(string name, int anchor, int result)
    {
        if (!IsName(name))
        {
            Error(ErrorIds.InvalidName, new(anchor, "Name"), name);
        }
        else if (_results.ContainsKey(name))
        {
            Error(ErrorIds.NameTwice, new(anchor, "Name"), name);
        }

        _results[name] = result;
    }

    /// <summary>Names become parts of identifiers and of tensors' names in files: letters, digits and underscores, a letter first.</summary>
    private static bool IsName(string name) =>
        name.Length > 0 && IsLetter(name[0]) && name.All(letter => IsLetter(letter) || letter is >= '0' and <= '9' or '_');

    private static bool IsLetter(char letter) => letter is >= 'a' and <= 'z' or >= 'A' and <= 'Z';

    private void CheckSize(int size, Anchor anchor, string what)
    {
        if (size < 1)
        {
            Error(ErrorIds.SizeBelowOne, anchor, what, Text(size));
        }
    }

    /// <summary>Whether a layer that works on features gets them; at the input's shape, or at the layer that takes an image.</summary>
    private void CheckFlat(LayerDeclaration layer, int anchor, EquatableArray<int> inputs)
    {
        var input = inputs.Count == 0 ? -1 : InputOf(inputs[0]);
        if (inputs.Count == 0 || _nodes[inputs[0]] is not { IsFlat: false } source || (input >= 0 && _declaration.Inputs[input].Shape.Any(size => size < 1)))
        {
            return;
        }

        Error(ErrorIds.NotFlat, input >= 0 ? new(input, "shape") : new(anchor), layer.Name, source.Name, string.Join(", ", source.Shape), Text(source.Size));
    }

    private void CheckFunction(ActivationFunction function, int anchor, string argument, int size, bool known)
    {
        switch (function.Kind)
        {
            case Activation.LeakyReLU:
                CheckOption(function.Parameter >= 0 && IsFinite((float)function.Parameter), anchor, "NegativeSlope", "a finite number of at least 0", function.Parameter);
                break;
            case Activation.ELU:
                CheckOption(IsPositive(function.Parameter), anchor, "Alpha", "a finite number above 0", function.Parameter);
                break;
            case Activation.Softmax when size == 1 && known:
                Error(ErrorIds.SoftmaxOfOne, new(anchor, argument), "Activation.Softmax");
                break;
        }
    }

    /// <summary>What only an output may be: taken by none.</summary>
    private void CheckUse()
    {
        if (_errors.Any(error => error.Id is ErrorIds.UnknownNode or ErrorIds.LaterNode or ErrorIds.SourceCount))
        {
            return;
        }

        for (var i = 0; i < _declaration.Layers.Count; i++)
        {
            if (!_taken.Contains(_declaration.Layers[i].Name) && !IsOutput(_declaration.Layers[i].Name))
            {
                Error(ErrorIds.Unused, new(InputCount + i), _declaration.Layers[i].Name);
            }
        }

        for (var i = 0; i < InputCount && _declaration.Layers.Count > 0; i++)
        {
            if (!_taken.Contains(_declaration.Inputs[i].Name) && !IsOutput(_declaration.Inputs[i].Name))
            {
                Error(ErrorIds.Unused, new(i), _declaration.Inputs[i].Name);
            }
        }
    }

    private void CheckOption(bool holds, int anchor, string option, string expected, double got)
    {
        if (!holds)
        {
            Error(ErrorIds.OptionOutOfRange, new(anchor, option), option, expected, got.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private void Error(string id, Anchor anchor, params string[] arguments) => _errors.Add(new(id, anchor, arguments));

    private static long Padded(int size) => ((long)size + Padding - 1) / Padding * Padding;

    /// <summary>Positive and finite as the float that it becomes.</summary>
    private static bool IsPositive(double number) => (float)number > 0 && IsFinite((float)number);

    private static bool IsFactor(double number) => (float)number != 0 && IsFinite((float)number * byte.MaxValue);

    private static bool IsFinite(float number) => !float.IsNaN(number) && !float.IsInfinity(number);

    private static string Text(double number, string format = "0") => number.ToString(format, CultureInfo.InvariantCulture);
}
