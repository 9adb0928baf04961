using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace NetGen.CompilerServices;

/// <summary>
/// The threads that training steps share: one team for the process, whose helpers wait for work by spinning for a while and then
/// parking. A step that finds the team at work on another network runs on its caller alone. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StepTeam
{
    /// <summary>The most threads of a step.</summary>
    public const int MostThreads = 64;

    /// <summary>How often a helper looks for work before it parks: some 100 us, longer than what lies between two steps of a loop.</summary>
    private const int SpinsBeforeParking = 4000;

    /// <summary>How often a part looks for the others before it gives up its time slice: they may wait for this very core.</summary>
    private const int SpinsBeforeYielding = 2000;

    private static readonly StepTeam Shared = new();

    private readonly Helper?[] _helpers = new Helper?[MostThreads];
    private IParallelStep? _step;
    private ExceptionDispatchInfo? _failure;
    private int _isBusy;
    private nint _inputs;
    private nint _targets;

    // The number of the job, and in the low byte its parts: read as one, so that a helper that has no part in a job cannot take
    // the next one for it.
    private long _job;
    private int _working;
    private int _arrived;
    private int _phase;

    private StepTeam()
    {
    }

    /// <summary>The parts of the step that runs.</summary>
    public int Parts { get; private set; }

    /// <summary>The samples of the step.</summary>
    public int Samples { get; private set; }

    /// <summary>Whether the targets are labels.</summary>
    public bool OnLabels { get; private set; }

    /// <summary>The step's mean loss: written by part 0, read by all after they met.</summary>
    public float Loss { get; set; }

    /// <summary>The step's inputs.</summary>
    public unsafe ref float Inputs => ref Unsafe.AsRef<float>((void*)_inputs);

    /// <summary>The step's targets.</summary>
    public unsafe ref float Targets => ref Unsafe.AsRef<float>((void*)_targets);

    /// <summary>The step's labels.</summary>
    public unsafe ref int Labels => ref Unsafe.AsRef<int>((void*)_targets);

    /// <summary>Runs a step on several threads.</summary>
    /// <param name="step">The step.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="loss">The mean loss.</param>
    /// <returns>False if the step must run on the caller alone: one thread is the limit, or the team is busy.</returns>
    public static unsafe bool TryRun(IParallelStep step, ref float inputs, ref float targets, int samples, out float loss)
    {
        fixed (float* x = &inputs, t = &targets)
        {
            return Shared.TryRun(step, (nint)x, (nint)t, samples, onLabels: false, out loss);
        }
    }

    /// <summary>The same on labels.</summary>
    public static unsafe bool TryRun(IParallelStep step, ref float inputs, ref int labels, int samples, out float loss)
    {
        fixed (float* x = &inputs)
        fixed (int* t = &labels)
        {
            return Shared.TryRun(step, (nint)x, (nint)t, samples, onLabels: true, out loss);
        }
    }

    /// <summary>Where a part of a count starts, in whole units but for the end; part <paramref name="parts"/> starts at the end.</summary>
    public static int Share(int count, int unit, int part, int parts) =>
        part == parts ? count : (int)((long)(count / unit) * part / parts) * unit;

    /// <summary>Waits until all parts have come here.</summary>
    public void Meet()
    {
        var phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == Parts)
        {
            _arrived = 0;
            Volatile.Write(ref _phase, phase + 1);
            return;
        }

        for (var spins = 0; Volatile.Read(ref _phase) == phase; spins++)
        {
            if (Volatile.Read(ref _failure) is not null)
            {
                throw new OperationCanceledException("Another part of the step failed.");
            }

            Wait(spins);
        }
    }

    private bool TryRun(IParallelStep step, nint inputs, nint targets, int samples, bool onLabels, out float loss)
    {
        loss = 0;
        var parts = NetworkThreads.Limit;
        if (parts == 1 || Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
        {
            return false;
        }

        try
        {
            (_step, _inputs, _targets, Samples, OnLabels, Parts) = (step, inputs, targets, samples, onLabels, parts);
            (_failure, _arrived, _working) = (null, 0, parts - 1);
            Interlocked.Exchange(ref _job, ((_job >> 8) + 1) << 8 | (uint)parts);
            for (var i = 1; i < parts; i++)
            {
                (_helpers[i] ??= new Helper(this, i)).Wake();
            }

            RunPart(0);
            for (var spins = 0; Volatile.Read(ref _working) > 0; spins++)
            {
                Wait(spins);
            }

            _failure?.Throw();
            loss = Loss;
            return true;
        }
        finally
        {
            // The network is not kept alive by a team that idles.
            _step = null;
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private void RunPart(int part)
    {
        try
        {
            _step!.RunPart(this, part);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    private static void Wait(int spins)
    {
        if (spins < SpinsBeforeYielding)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }
    }

    /// <summary>One thread beside the caller's.</summary>
    private sealed class Helper
    {
        private readonly StepTeam _team;
        private readonly int _part;
        private readonly SemaphoreSlim _wake = new(0);
        private int _isParked;

        public Helper(StepTeam team, int part)
        {
            (_team, _part) = (team, part);

            // The thread starts before its first job is published in the eyes of this helper: job 0 has no parts.
            new Thread(Run) { IsBackground = true, Name = $"NetGen step {part}" }.Start();
        }

        /// <summary>Wakes the helper if it sleeps; one that spins sees the job by itself.</summary>
        public void Wake()
        {
            if (Interlocked.CompareExchange(ref _isParked, 0, 1) == 1)
            {
                _wake.Release();
            }
        }

        private void Run()
        {
            long seen = 0;
            while (true)
            {
                seen = Next(seen);
                if (_part < (seen & 0xff))
                {
                    _team.RunPart(_part);
                    Interlocked.Decrement(ref _team._working);
                }
            }
        }

        /// <summary>The next job after the one that was seen.</summary>
        private long Next(long seen)
        {
            for (var spins = 0; ; spins++)
            {
                var job = Volatile.Read(ref _team._job);
                if (job != seen)
                {
                    return job;
                }

                if (spins < SpinsBeforeParking)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                // Parked first, looked once more then: a job that comes in between either is seen or finds the helper parked.
                Interlocked.Exchange(ref _isParked, 1);
                if (Volatile.Read(ref _team._job) == seen || Interlocked.CompareExchange(ref _isParked, 0, 1) == 0)
                {
                    _wake.Wait();
                }

                spins = 0;
            }
        }
    }
}
