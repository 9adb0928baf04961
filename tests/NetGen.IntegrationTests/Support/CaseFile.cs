using System.Text.Json;

namespace NetGen.IntegrationTests.Support;

/// <summary>A tensor of a case.</summary>
internal sealed record CaseTensor(int[] Shape, double[] Data);

/// <summary>One training step of a case. Labels are one-hot in <paramref name="Targets"/> and as they are in <paramref name="Labels"/>.</summary>
internal sealed record CaseStep(
    double[] X,
    double[] Targets,
    int[]? Labels,
    double[] Output,
    double Loss,
    double[]? InputGradient,
    IReadOnlyDictionary<string, CaseTensor>? Gradients,
    IReadOnlyDictionary<string, CaseTensor> ParametersAfter);

/// <summary>One of PyTorch's reference cases, as a declaration and the numbers that belong to it.</summary>
internal sealed record CaseFile(
    string Name,
    NetSpec Spec,
    IReadOnlyDictionary<string, CaseTensor> InitialParameters,
    IReadOnlyList<CaseStep> Steps,
    double[] PredictInput,
    double[] PredictOutput,
    IReadOnlyDictionary<string, CaseTensor> InitialBuffers,
    IReadOnlyDictionary<string, CaseTensor> FinalBuffers)
{
    /// <summary>The folder of the cases: NETGEN_CASES, else what lies beside the repository.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("NETGEN_CASES") is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "reference", "cases"));

    /// <summary>The names of all cases, in order; none without the folder.</summary>
    public static IReadOnlyList<string> Names { get; } =
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Reads a case.</summary>
    /// <exception cref="NotSupportedException">It has a layer, loss or option that NetGen has not yet; the message names it.</exception>
    public static CaseFile Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        var root = document.RootElement;
        var spec = new NetSpec(
            Inputs(root.GetProperty("input_shape")),
            [.. root.GetProperty("network").EnumerateArray().Select(Named)],
            Training(root))
        {
            Shape = Integers(root.GetProperty("input_shape")) is { Length: > 1 } shape ? shape : null,
        };
        var predict = root.GetProperty("predict");
        return new CaseFile(
            name,
            spec,
            Tensors(root.GetProperty("initial_parameters")),
            [.. root.GetProperty("steps").EnumerateArray().Select(step => Step(step, spec.Outputs))],
            Data(predict.GetProperty("x")),
            Data(predict.GetProperty("output")),
            Tensors(root.GetProperty("initial_buffers")),
            Tensors(root.GetProperty("final_buffers")));
    }

    private static CaseStep Step(JsonElement step, int outputs)
    {
        var target = step.GetProperty("target");
        var targets = Data(target);
        var samples = step.GetProperty("output").GetProperty("shape")[0].GetInt32();
        int[]? labels = null;
        if (targets.Length == samples && outputs > 1)
        {
            labels = Array.ConvertAll(targets, t => (int)t);
            targets = TestData.OneHot(labels, outputs);
        }

        return new CaseStep(
            Data(step.GetProperty("x")),
            targets,
            labels,
            Data(step.GetProperty("output")),
            step.GetProperty("loss").GetDouble(),
            step.TryGetProperty("input_gradient", out var input) ? Data(input) : null,
            step.TryGetProperty("gradients", out var gradients) ? Tensors(gradients) : null,
            Tensors(step.GetProperty("parameters_after")));
    }

    private static int Inputs(JsonElement shape) =>
        Integers(shape).Aggregate(1, (size, dimension) => size * dimension);

    private static LayerSpec Named(JsonElement node, int index)
    {
        var name = node.GetProperty("name").GetString();
        return Layer(node) with
        {
            Name = name == $"layer{index + 1}" ? null : name,
            From = node.TryGetProperty("from", out var from) ? [.. from.EnumerateArray().Select(each => each.GetString()!)] : null,
        };
    }

    private static LayerSpec Layer(JsonElement node)
    {
        var operation = node.GetProperty("op").GetString()!;
        int Option(string option, int otherwise) => node.TryGetProperty(option, out var value) ? value.GetInt32() : otherwise;
        switch (operation)
        {
            case "conv2d" or "conv1d":
                var (stride, padding) = (Option("stride", 1), Option("padding", 0));
                return new ConvSpec(Option("filters", 0), Option("kernel", 0), Option("kernel", 0), FunctionOf(node), operation == "conv2d" ? 2 : 1)
                {
                    Stride = (stride, stride),
                    Padding = (padding, padding),
                    Dilation = Option("dilation", 1),
                    Groups = Option("groups", 1),
                };
            case "maxpool2d" or "maxpool1d" or "avgpool2d" or "avgpool1d":
                var kernel = Option("kernel", 0);
                return new PoolSpec(operation[0] == 'm', kernel, kernel, Option("stride", kernel), Option("padding", 0), operation.EndsWith("2d", StringComparison.Ordinal) ? 2 : 1);
            case "globalavgpool2d":
                return new GlobalPoolSpec(IsMaximum: false);
            case "flatten":
                return new ReshapeSpec();
            case "add" or "concat":
                return new JoinSpec(operation == "add" ? "Add" : "Concat");
            case "dense" or "activation" or "batchnorm" or "layernorm":
                break;
            default:
                throw new NotSupportedException($"layer {operation}");
        }

        if (operation is "batchnorm" or "layernorm")
        {
            return new NormSpec(operation == "batchnorm");
        }

        if (operation == "activation")
        {
            return new ActivationSpec(Function(node.GetProperty("kind")));
        }

        return new DenseSpec(node.GetProperty("units").GetInt32(), FunctionOf(node), !node.TryGetProperty("bias", out var bias) || bias.GetBoolean());
    }

    private static FunctionSpec FunctionOf(JsonElement node) =>
        node.TryGetProperty("activation", out var activation) ? Function(activation) : new FunctionSpec(Activation.Identity);

    private static FunctionSpec Function(JsonElement name) => new(Pascal<Activation>(name.GetString()!));

    private static Loss LossOf(JsonElement root) => Pascal<Loss>(root.GetProperty("loss").GetString()!);

    private static TrainSpec Training(JsonElement root)
    {
        var optimizer = root.GetProperty("optimizer");
        var spec = new OptimizerSpec(Pascal<Optimizer>(optimizer.GetProperty("kind").GetString()!));
        double Number(string option) => optimizer.GetProperty(option).GetDouble();
        foreach (var option in optimizer.EnumerateObject())
        {
            spec = option.Name switch
            {
                "kind" or "lr" => spec,
                "momentum" => spec with { Momentum = Number("momentum") },
                "nesterov" => spec with { Nesterov = optimizer.GetProperty("nesterov").GetBoolean() },
                "weight_decay" => spec with { WeightDecay = Number("weight_decay") },
                "rho" => spec with { Rho = Number("rho") },
                "eps" => spec with { Epsilon = Number("eps") },
                "clip_norm" => spec with { ClipNorm = Number("clip_norm") },
                "clip_value" => spec with { ClipValue = Number("clip_value") },
                _ => throw new NotSupportedException($"optimizer {option.Name} {option.Value}"),
            };
        }

        return new TrainSpec(LossOf(root), root.GetProperty("batch").GetInt32(), Number("lr"), 1.0) { Optimizer = spec };
    }

    /// <summary>PyTorch's <c>leaky_relu</c> is our <c>LeakyReLU</c>.</summary>
    private static T Pascal<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value)
            ? value
            : throw new NotSupportedException($"{typeof(T).Name} {name}");

    private static Dictionary<string, CaseTensor> Tensors(JsonElement tensors) =>
        tensors.EnumerateObject().ToDictionary(t => t.Name, t => new CaseTensor(Integers(t.Value.GetProperty("shape")), Data(t.Value)));

    private static double[] Data(JsonElement tensor) => [.. tensor.GetProperty("data").EnumerateArray().Select(v => v.GetDouble())];

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt32())];
}
