using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Stages;

/// <summary>
/// One stage of a row's way from request to picture, whole in one file: what it waits for, which part of which model it holds, which evaluations it wants, how
/// a batch of them runs, how the answers are taken, when it is done and what it costs. Every row has stages of its own, which work on its
/// <see cref="RowMemory"/>.
/// </summary>
/// <remarks>
/// The engine's loop calls everything but <see cref="Run"/>, which a device's thread calls while the row's evaluations are in a batch; the loop leaves the row
/// alone until they are back. Work that <see cref="Begin"/> hands to <see cref="Background"/> runs on the thread pool while the row waits for it. So no member
/// needs a lock.
/// </remarks>
internal abstract class Stage
{
    /// <summary>The network that its evaluations are calls of; null for a stage that makes none.</summary>
    public virtual NetworkKind? Kind => null;

    /// <summary>The part that the evaluations wanted now are calls of, held while they run; null where none is needed.</summary>
    public virtual IModelPart? Part => null;

    /// <summary>Whether the row can go on to the next stage. Asked after <see cref="Start"/> and after every <see cref="Take"/>.</summary>
    public virtual bool IsDone => true;

    /// <summary>Begins the stage.</summary>
    /// <returns>What it waits for: a load, or work beside the loop. Null: nothing.</returns>
    public virtual Task? Begin(Background background) => null;

    /// <summary>Why the job fails when what it waited for failed.</summary>
    public virtual JobFailure FailureOf(Exception reason) => new(JobFailureKind.Internal, "The picture could not be worked on further.");

    /// <summary>Goes on after the wait.</summary>
    /// <returns>Why the row cannot go on; null where it can.</returns>
    public virtual JobFailure? Start() => null;

    /// <summary>Whether more follows than a call or two: then it need not be got over soon so that the row may join others at the main network.</summary>
    public virtual bool IsLong => false;

    /// <summary>Adds the evaluations that are wanted now; those of one key side by side.</summary>
    public virtual void Want(List<Evaluation> wanted)
    {
    }

    /// <summary>Runs a batch of this kind's evaluations, of this row and of others, and leaves each answer with its row.</summary>
    /// <exception cref="Models.Sessions.GraphException">The call failed as a whole.</exception>
    public virtual StepResult Run(Batch batch, IStageTable stages) => throw new InvalidOperationException($"{GetType().Name} makes no calls.");

    /// <summary>Takes the answers, when all that was wanted is back.</summary>
    public virtual void Take()
    {
    }

    /// <summary>Denoised latents that a preview may show now; empty: none.</summary>
    public virtual ReadOnlySpan<float> Denoised => [];

    /// <summary>Calls that are left of it.</summary>
    /// <param name="estimated">Calls that the whole of it was estimated to take.</param>
    public virtual double CallsLeft(double estimated) => estimated;

    /// <summary>Memory beyond the weights that a call of so many evaluations may need, as far as can be estimated; 0: next to none.</summary>
    public virtual long BytesOf(int evaluations) => 0;

    /// <summary>Evaluations of a call that fit in so much memory at once, as far as can be estimated; at least 1.</summary>
    public virtual int MaxTogether(long availableBytes) =>
        BytesOf(1) is > 0 and var one ? (int)Math.Clamp(availableBytes / one, 1, int.MaxValue) : int.MaxValue;

    /// <summary>How wide a batch runs, as models say it.</summary>
    protected static RunWidth WidthOf(Batch batch) => batch.Width == CallWidth.Narrow ? RunWidth.Narrow : RunWidth.Wide;
}

/// <summary>Runs work on the thread pool, beside the engine's loop.</summary>
internal delegate Task Background(Func<Task> work);

/// <summary>The stages of the rows in a batch, by row number.</summary>
internal interface IStageTable
{
    Stage this[int row] { get; }

    /// <summary>Whether two rows are pictures of one job.</summary>
    bool AreOfOneJob(int row, int other);
}
