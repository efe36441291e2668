namespace Darkroom.Server.Commands.Generate;

/// <summary>Where pictures are made: in this process, or on a server.</summary>
internal interface IPictureMaker
{
    /// <summary>Makes what was asked for. Cancelling the token cancels the job, and is a refusal.</summary>
    /// <exception cref="UsageException">A picture cannot be read.</exception>
    Task<RunEnd> RunAsync(CommandOrder order, RunView view, CancellationToken cancellation);
}
