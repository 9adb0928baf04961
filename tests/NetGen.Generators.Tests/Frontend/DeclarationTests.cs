extern alias runtime;

using NetGen.Compiler.Emit;
using NetGen.Compiler.Frontend;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests.Frontend;

/// <summary>What the front end reads and what shape inference makes of it.</summary>
public class DeclarationTests
{
    [Fact]
    public void Defaults()
    {
        var declaration = Parse("Input(64), Dense(32, Activation.ReLU), Dense(10), Train(Loss.SoftmaxCrossEntropy)");
        Assert.Equal(new InputDeclaration("input", new([64])), Assert.Single(declaration.Inputs));
        Assert.Equal(
            [
                new DenseDeclaration("layer1", new(["input"]), 32, new(Activation.ReLU), true, Initializer.Auto, Initializer.Auto),
                new DenseDeclaration("layer2", new(["layer1"]), 10, new(Activation.Identity), true, Initializer.Auto, Initializer.Auto),
            ],
            declaration.Layers);
        Assert.Equal(new TrainDeclaration(new([new LossDeclaration(null, Loss.SoftmaxCrossEntropy)]), new(Optimizer.Sgd, 0.01), 32), declaration.Train);
        Assert.Equal(("", "Net", "Net"), (declaration.Namespace, declaration.ClassName, declaration.HintName));
    }

    [Fact]
    public void Everything_given()
    {
        var declaration = Parse(
            "Input(12, Name = \"x\"), Activation(Activation.LeakyReLU, NegativeSlope = 1, Name = \"a\"), "
            + "Dense(5, Activation.ELU, Alpha = 0.5f, Bias = false, WeightInitializer = Initializer.HeUniform, From = new[] { \"a\" }), "
            + "Dense(BiasInitializer = Initializer.LeCunNormal, units: 'a'), "
            + "Train(optimizer: Optimizer.Sgd, loss: Loss.Huber, HuberDelta = 2, LearningRate = 3, BatchSize = 4)");
        Assert.Equal(new InputDeclaration("x", new([12])), Assert.Single(declaration.Inputs));
        Assert.Equal(
            [
                new ActivationDeclaration("a", new(["x"]), new(Activation.LeakyReLU, 1)),
                new DenseDeclaration("layer2", new(["a"]), 5, new(Activation.ELU, 0.5), false, Initializer.HeUniform, Initializer.Auto),
                new DenseDeclaration("layer3", new(["layer2"]), 97, new(Activation.Identity), true, Initializer.Auto, Initializer.LeCunNormal),
            ],
            declaration.Layers);
        Assert.Equal(new TrainDeclaration(new([new LossDeclaration(null, Loss.Huber) { HuberDelta = 2 }]), new(Optimizer.Sgd, 3), 4), declaration.Train);
    }

    [Fact]
    public void Outputs_and_losses()
    {
        var declaration = Parse(
            "Input(2, Name = \"a\"), Input(3, 4, Name = \"b\"), Flatten(Name = \"c\"), Concat(\"a\", \"c\"), Dense(5, Name = \"d\"), "
            + "Loss(\"d\", Loss.Huber, HuberDelta = 2, Weight = 3), Output(\"c\", \"d\"), Train(Optimizer.Adam)");
        Assert.Equal([new InputDeclaration("a", new([2])), new InputDeclaration("b", new([3, 4]))], declaration.Inputs);
        Assert.Equal(["c", "d"], declaration.Outputs);
        Assert.Equal([new LossDeclaration("d", Loss.Huber) { HuberDelta = 2, Weight = 3 }], declaration.Train!.Losses);
        Assert.Equal(["d"], Parse("Input(2), Dense(5, Name = \"d\"), Loss(\"d\", Loss.Huber), Train(Optimizer.Sgd)").Outputs);
    }

    [Fact]
    public void Rules_of_layers()
    {
        var declaration = Parse(
            "Input(3), Dense(4, WeightL1 = 1, WeightL2 = 2, BiasL1 = 3, ActivityL2 = 4, NonNegative = true, MaxNorm = 5), BatchNorm(Frozen = true), "
            + "LayerNorm(Frozen = true), Dense(5, Frozen = true), Dense(6, WeightL1 = 0, BiasL2 = 0), Train(Loss.Huber)");
        var dense = declaration.Layers.OfType<DenseDeclaration>().ToArray();
        Assert.Equal(new LayerRules(new(1, 2), new(3, 0), new(0, 4), true, 5), dense[0].Rules);
        Assert.Equal([LayerRules.None, LayerRules.None], dense[1..].Select(d => d.Rules));
        Assert.Equal([false, true, true, true, false], declaration.Layers.Select(layer => layer.Frozen));
    }

    /// <summary>PyTorch's, but for the rate of Sgd.</summary>
    [Theory]
    [InlineData("Adagrad", 0.01, 1e-10)]
    [InlineData("Adadelta", 1.0, 1e-6)]
    [InlineData("RMSprop", 0.01, 1e-8)]
    [InlineData("Adam", 0.001, 1e-8)]
    [InlineData("AdamW", 0.001, 1e-8)]
    [InlineData("Adamax", 0.002, 1e-8)]
    [InlineData("NAdam", 0.002, 1e-8)]
    public void Defaults_of_an_optimizer(string optimizer, double rate, double epsilon) => Assert.Equal(
        new OptimizerSettings(Enum.Parse<Optimizer>(optimizer), rate) { Epsilon = epsilon, WeightDecay = optimizer == "AdamW" ? 0.01 : null },
        Parse($"Input(2), Dense(1), Train(Loss.Huber, Optimizer.{optimizer})").Train!.Settings);

    [Theory]
    [InlineData("Sgd, Momentum = 0.9, Nesterov = true, WeightDecay = 1e-4, ClipNorm = 1, ClipValue = 2")]
    [InlineData("Sgd, Momentum = 0, WeightDecay = 0")]
    [InlineData("RMSprop, Alpha = 0.5, Momentum = 0.25, Epsilon = 1e-3")]
    [InlineData("Adadelta, Rho = 0.5")]
    [InlineData("Adam, Beta1 = 0.5, Beta2 = 0.75")]
    public void Options_of_an_optimizer(string text)
    {
        var settings = Parse($"Input(2), Dense(1), Train(Loss.Huber, Optimizer.{text})").Train!.Settings;
        double? Given(string option, double? otherwise) => text.Contains($" {option} = ", StringComparison.Ordinal)
            ? double.Parse(text.Split($" {option} = ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)
            : otherwise;
        var optimizer = Enum.Parse<Optimizer>(text.Split(',')[0]);
        Assert.Equal(
            new OptimizerSettings(optimizer, OptimizerRules.DefaultLearningRate(optimizer))
            {
                Momentum = Given("Momentum", null),
                Nesterov = text.Contains("Nesterov", StringComparison.Ordinal),
                WeightDecay = Given("WeightDecay", null),
                Beta1 = Given("Beta1", 0.9)!.Value,
                Beta2 = Given("Beta2", 0.999)!.Value,
                Epsilon = Given("Epsilon", OptimizerRules.DefaultEpsilon(optimizer))!.Value,
                Rho = Given("Rho", 0.9)!.Value,
                Alpha = Given("Alpha", 0.99)!.Value,
                ClipNorm = Given("ClipNorm", null),
                ClipValue = Given("ClipValue", null),
            },
            settings);
    }

    [Theory]
    [InlineData("Scale = 0.5, Offset = -1", 0.5, -1)]
    [InlineData("Scale = 1", 1, 0)]
    [InlineData("Offset = 3", 1, 3)]
    public void Input_that_says_what_bytes_are(string options, double scale, double offset) =>
        Assert.Equal(new ByteScale(scale, offset), Assert.Single(Parse($"Input(2, {options}), Dense(1)").Inputs).Bytes);

    [Fact]
    public void Layers_come_in_the_order_of_the_source_over_lists()
    {
        var declaration = Parse("Input(2)] [Dense(1, Name = \"c\"), Dense(1, Name = \"b\")] [Dense(9, Name = \"a\")");
        Assert.Equal(["c", "b", "a"], declaration.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void The_graph()
    {
        var graph = InferShapes.Run(Parse("Input(4), Dense(3, Activation.Tanh), Activation(Activation.Softmax), Dense(2, Bias = false)")).Graph!;
        Assert.Equal(
            [
                new Node(0, "input", new InputOperation(), new([]), new([4])),
                new Node(1, "layer1", new DenseOperation(true, Initializer.Auto, Initializer.Auto), new([0]), new([3])),
                new Node(2, "layer1", new ActivationOperation(new(Activation.Tanh)), new([1]), new([3])),
                new Node(3, "layer2", new ActivationOperation(new(Activation.Softmax)), new([2]), new([3])),
                new Node(4, "layer3", new DenseOperation(false, Initializer.Auto, Initializer.Auto), new([3]), new([2])),
            ],
            graph.Nodes);
        Assert.Equal(4, graph.Output);
    }

    [Fact]
    public void A_flat_input_is_not_needed_before_an_activation() =>
        Assert.Equal(12, InferShapes.Run(Parse("Input(3, 4), Activation(Activation.Tanh)")).Graph!.Nodes[0].Size);

    /// <summary>
    /// The list of names that clash is written by hand: it must hold every public member of the contracts, but for those that are implemented for the
    /// contract alone.
    /// </summary>
    [Fact]
    public void Reserved_names_are_those_of_the_contracts()
    {
        var members = new[] { typeof(runtime::NetGen.INetwork), typeof(runtime::NetGen.ITrainableNetwork), typeof(runtime::NetGen.IClassifierNetwork) }
            .SelectMany(contract => contract.GetMembers())
            .Where(member => member is not System.Reflection.MethodInfo { IsSpecialName: true })
            .Select(member => member.Name).Distinct().Except(["Outputs", "Losses"]);
        Assert.All(members, name => Assert.True(MemberNames.IsTaken(name, trains: true), name));
    }

    private static NetworkDeclaration Parse(string attributes)
    {
        var run = GeneratorRun.Of($"using NetGen; [Network, {attributes}] partial class Net;");
        Assert.Empty(run.Analyze());
        var network = (ParsedNetwork)run.Result.TrackedSteps[NetworkGenerator.ParseStep].Single().Outputs.Single().Value;
        Assert.Empty(network.Errors);
        return network.Declaration!;
    }
}
