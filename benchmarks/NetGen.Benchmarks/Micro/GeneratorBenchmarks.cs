using BenchmarkDotNet.Attributes;
using NetGen.Benchmarks.Support;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Micro;

/// <summary>What the generator costs in a build and while typing.</summary>
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private GeneratorRun? _run;

    public static IEnumerable<string> Names => Workload.All.Select(w => w.Name);

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _run = new GeneratorRun(Workload.Select(Name)[0]);

    [Benchmark(Baseline = true)]
    public int Fresh() => _run!.Fresh();

    [Benchmark]
    public int AfterUnrelatedEdit() => _run!.AfterUnrelatedEdit();
}
