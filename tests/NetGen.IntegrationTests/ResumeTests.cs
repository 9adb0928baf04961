using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.IntegrationTests;

/// <summary>A net with all that training remembers or holds: moments, running figures, random numbers, penalties, constraints.</summary>
[Network]
[Input(64)]
[Dense(40, WeightL2 = 0.0005, MaxNorm = 2)]
[BatchNorm]
[Dropout(0.2)]
[Activation(Activation.ReLU)]
[Dense(10, WeightL1 = 0.0005)]
[Train(Loss.SoftmaxCrossEntropy, Optimizer.Adam, LearningRate = 0.01, BatchSize = 16)]
internal sealed partial class RuledDigitNet;

/// <summary>Training in a process of its own that is killed, and resumed, again and again.</summary>
public class ResumeTests
{
    private const string FolderVariable = "NETGEN_TESTS_RESUME_FOLDER";
    private const string OptimizerVariable = "NETGEN_TESTS_RESUME_OPTIMIZER";
    private const int Kills = 20;
    private const int Epochs = 12;
    private const int StepsPerEpoch = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("Sgd")]
    [InlineData("Adam")]
    public void Fit_KilledAtTwentyMoments_EndsWithTheSameBits(string optimizer)
    {
        Assert.SkipUnless(ChildRun.Current is null, "A child starts no children.");
        var folder = Directory.CreateTempSubdirectory("netgen-resume-");
        try
        {
            var random = new Xoshiro256(seed: 20);
            var moments = Enumerable.Range(0, Kills).Select(_ => 1 + random.NextInt(Epochs * StepsPerEpoch - 2 * Kills)).Order().ToArray();
            foreach (var moment in moments)
            {
                Assert.True(RunChild(folder.FullName, optimizer, moment, random.NextInt(20_000)) is null, $"The child ended by itself before step {moment}.");
            }

            Assert.Equal(0, RunChild(folder.FullName, optimizer, killAt: null, spins: 0));
            Assert.Equal(Train(optimizer, folder: null), File.ReadAllLines(Path.Combine(folder.FullName, "result")));

            // A kill while a checkpoint was written may have left a part of one behind; the next start has removed it.
            Assert.Equal(["checkpoint", "result"], folder.GetFiles().Select(file => file.Name).Order());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Fit_InChild_GoesOn()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "This is no child process.");
        File.WriteAllLines(Path.Combine(folder, "result"), Train(Environment.GetEnvironmentVariable(OptimizerVariable)!, folder));
    }

    /// <summary>A training with all that has a state; a child tells each step and waits to be told to go on.</summary>
    /// <returns>The weights and the figures of the history that the clock does not change.</returns>
    private static string[] Train(string optimizer, string? folder)
    {
        var (train, test) = Digits.Load().Take(400).Split(0.8, seed: 1);
        ITrainableNetwork net = optimizer == "Adam" ? new RuledDigitNet(seed: 1) : new DigitNet(seed: 1);
        var history = net.Fit(train, new FitOptions
        {
            Epochs = Epochs,
            Validation = test,
            Seed = 3,
            Metrics = [Metric.MacroF1],
            Schedule = LearningRateSchedule.Cosine().WithWarmUp(7),
            Callbacks = [new EarlyStopping(5), new LayerMonitor(9), new Teller(tells: folder is not null)],
            Checkpoint = folder is null ? null : new CheckpointOptions(Path.Combine(folder, "checkpoint")) { EverySteps = 1, Resume = true },
        });
        Assert.Equal(StepsPerEpoch, (train.Count - 1) / net.BatchSize + 1);
        return
        [
            .. net.Parameters.Concat(net.OptimizerState).Concat(net.Buffers).SelectMany(tensor => tensor.ToArray()).Select(weight => BitConverter.SingleToUInt32Bits(weight).ToString("x8", CultureInfo.InvariantCulture)),
            .. history.Columns.Where(column => column is not ("seconds" or "samples_per_second"))
                .Select(column => column + " " + string.Join(' ', history[column].Select(number => number.ToString("R", CultureInfo.InvariantCulture)))),
        ];
    }

    /// <returns>The exit code; null for a child that was killed.</returns>
    private static int? RunChild(string folder, string optimizer, int? killAt, int spins)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["exec", typeof(ResumeTests).Assembly.Location, "-noColor", "-noLogo", "-method", $"{typeof(ResumeTests).FullName}.{nameof(Fit_InChild_GoesOn)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[FolderVariable] = folder;
        start.Environment[OptimizerVariable] = optimizer;
        using var process = Process.Start(start)!;
        using var watchdog = new Timer(_ => process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        var output = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output.Add(line);
            if (!line.StartsWith(Teller.Mark, StringComparison.Ordinal))
            {
                continue;
            }

            process.StandardInput.WriteLine();
            if (int.Parse(line[Teller.Mark.Length..], CultureInfo.InvariantCulture) >= killAt)
            {
                // Not always at the same place of what the child does now: it writes a checkpoint and makes the next step, no more.
                Thread.SpinWait(spins);
                process.Kill();
                process.WaitForExit();
                return null;
            }
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"The child ended with {process.ExitCode}:\n{string.Join('\n', output)}");
    }

    private sealed class Teller(bool tells) : TrainingCallback
    {
        public const string Mark = "step ";

        public override void OnBatchEnd(TrainingRun run)
        {
            if (tells)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{run.Step}"));
                Console.ReadLine();
            }
        }
    }
}
