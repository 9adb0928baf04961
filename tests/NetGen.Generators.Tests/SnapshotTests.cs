using NetGen.Generators.Tests.Harness;

namespace NetGen.Generators.Tests;

/// <summary>What is generated, to be read.</summary>
public class SnapshotTests
{
    [Fact]
    public void Error_surface() => Snapshot.Verify(this, GeneratorRun.Of("""
        using NetGen;
        namespace My.Models;

        public partial class Outer
        {
            [Network]
            [Input(28, 28)]
            [Dense(10)]
            [Train(Loss.SoftmaxCrossEntropy, BatchSize = 16)]
            public partial class Net
            {
                public string Summary => "mine";
            }
        }
        """).Files);
}
