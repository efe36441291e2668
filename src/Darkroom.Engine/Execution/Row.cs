using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Imaging;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>
/// One picture in flight: a cursor over the stages of its program, and the evaluations that are wanted and under way. Only the engine's loop touches it; what
/// runs on other threads is the stage's own (<see cref="Stages.Stage"/>). Whatever a stage throws here becomes the row's <see cref="Fault"/>: it ends this
/// row's job and nobody else's.
/// </summary>
internal sealed class Row
{
    private readonly RowProgram program;
    private readonly IEnumerator<Stage> stages;
    private readonly List<Evaluation> wanted = []; // evaluations that wait to be given to a device
    private Task? pending; // what the stage waits for
    private bool begun, started, isLeft;
    private int dispatched; // evaluations that a device has
    private int position = -1; // of the last counted stage that was begun, in the job's work

    /// <param name="job">Its job.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="device">Index of the device that it runs on.</param>
    /// <param name="program">Its stages, on the same memory.</param>
    public Row(ActiveJob job, RowMemory memory, int device, RowProgram program)
    {
        (Job, Memory, Device, this.program) = (job, memory, device, program);
        stages = program.Stages.GetEnumerator();
        Next();
    }

    public int Number => Memory.Number;

    public ActiveJob Job { get; }

    public RowMemory Memory { get; }

    public int Device { get; }

    public GenerationRequest Request => Memory.Request;

    /// <summary>Where it is; null: at the end, the picture is ready to be delivered.</summary>
    public Stage? Stage { get; private set; }

    /// <summary>The network of the stage; null where it makes no calls.</summary>
    public NetworkKind? Kind { get; private set; }

    /// <summary>What its own code threw; null: nothing.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The part that its evaluations need, held while it works with it.</summary>
    public RowHold Hold { get; } = new();

    /// <summary>Whether evaluations of it are with a device.</summary>
    public bool IsBusy => dispatched > 0;

    /// <summary>Whether it waits for something to be loaded or worked on beside the loop.</summary>
    public bool IsLoading => pending is { IsCompleted: false } || Hold.IsTaking;

    /// <summary>When what it wants now could first have been run, as the device counts time; null: it wants nothing of a device.</summary>
    public long? ReadySince { get; set; }

    /// <summary>Steps done when a preview was last due.</summary>
    public int PreviewedStep { get; set; }

    /// <summary>Steps of the schedule and tiles of the upscaler, done and wanted; those count from when it is loaded.</summary>
    public JobProgress Progress
    {
        get
        {
            var tiles = program.Upscale?.Progress ?? default;
            if (Request.Task == GenerationTask.Upscale) return tiles;
            var between = program.Between?.Progress ?? default;
            return new(Memory.StepsDone + between.Step + tiles.Step, Request.StepsShown + between.Steps + tiles.Steps);
        }
    }

    /// <summary>Whether <see cref="Progress"/> knows how much there is to do.</summary>
    public bool IsTotalKnown => program is { Upscale: null or { AreTilesCounted: true }, Between: null or { AreTilesCounted: true } };

    /// <summary>Evaluations that the row waits for, the lanes of one call side by side; none while it is loading, or does not hold the part.</summary>
    public IReadOnlyList<Evaluation> Wanted
    {
        get
        {
            if (wanted.Count > 0 || dispatched > 0 || !Hold.IsHeld || Fault is not null) return wanted;
            try
            {
                Stage!.Want(wanted);
                if (wanted.Count == 0) throw new InvalidOperationException($"{Stage.GetType().Name} is not done, and wants nothing.");
            }
            catch (Exception e)
            {
                Fault = e;
                wanted.Clear();
            }
            return wanted;
        }
    }

    /// <summary>Goes on as far as that needs no device: through stages that are done, up to one that waits or wants evaluations.</summary>
    /// <param name="background">Runs work beside the loop.</param>
    /// <param name="signal">Wakes the loop when something is there that the row waits for.</param>
    /// <returns>Why it cannot go on; null where it can.</returns>
    public JobFailure? Advance(Background background, AsyncSignal signal)
    {
        while (Stage is { } stage && !IsBusy && wanted.Count == 0)
        {
            if (!begun) Begin(stage, background, signal);
            if (pending is { IsCompleted: false }) return null;
            if (!started)
            {
                if (pending is { IsCompletedSuccessfully: false })
                {
                    var reason = pending.Exception?.InnerException ?? new OperationCanceledException();
                    return reason is OutOfMemoryException ? JobFailure.NoMemory : stage.FailureOf(reason);
                }
                started = true;
                if (stage.Start() is { } failure) return failure;
            }
            if (!stage.IsDone) return null;
            Hold.Release();
            Next();
        }
        return null;
    }

    /// <summary>The part that its evaluations need now; null where it has none to make, waits, or has given them to a device.</summary>
    /// <exception cref="InvalidOperationException">The stage is not done and needs no part either: it would never end.</exception>
    public IModelPart? NeededPart() => !started || IsBusy || Stage is not { IsDone: false } stage ? null
        : stage.Part ?? throw new InvalidOperationException($"{stage.GetType().Name} is not done, and needs no part of a model.");

    /// <summary>Records that an evaluation was given to a device.</summary>
    public void Dispatch(in Evaluation evaluation)
    {
        wanted.Remove(evaluation);
        dispatched++;
    }

    /// <summary>Records that an evaluation is back; true when none is out or waiting.</summary>
    public bool Return()
    {
        if (--dispatched > 0) return false;
        if (isLeft) Hold.Release();
        return wanted.Count == 0;
    }

    /// <summary>
    /// Its job left. The part goes when no call of the row is out: a call whose part had left would wait for room on the device's own thread, and for rows
    /// that need that thread before they give room.
    /// </summary>
    public void Leave()
    {
        isLeft = true;
        if (!IsBusy) Hold.Release();
        Memory.Release();
    }

    /// <summary>Takes the answers to all that was wanted.</summary>
    public void Take()
    {
        wanted.Clear(); // what is wanted next is not what was
        ReadySince = null;
        Stage!.Take();
        if (Hold.Part != Stage.Part) Hold.Release(); // the stage's next evaluations are calls of another one
        Kind = Stage.Kind;
    }

    /// <summary>Seconds that it still needs, had it the device alone.</summary>
    public double SecondsLeft(ICallCosts costs)
    {
        if (Stage is not { } stage || Fault is not null) return 0;
        try
        {
            return Job.Work.SecondsLeft(costs, position, stage, Memory.PassesLeft);
        }
        catch (Exception e)
        {
            Fault = e;
            return 0;
        }
    }

    /// <summary>The picture; to be asked once, at the end, on any thread.</summary>
    public Picture Finish() => program.Upscale?.Result() ?? Memory.Finish();

    private void Begin(Stage stage, Background background, AsyncSignal signal)
    {
        begun = true;
        Kind = stage.Kind;
        if (Job.Work.IndexOf(Kind, Memory.PassIndex) is >= 0 and var index) position = index;
        pending = stage.Begin(background);
        if (pending is not null) signal.SetAfter(pending);
    }

    private void Next()
    {
        Stage = stages.MoveNext() ? stages.Current : null;
        (begun, started, pending, Kind) = (false, false, null, null);
    }
}
