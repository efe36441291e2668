namespace Darkroom.Server.Commands.Generate;

/// <summary>Where pictures are made: in this process, or on a server.</summary>
internal interface IPictureMaker
{
    /// <summary>Makes what was asked for. Cancelling the token cancels the job, and is a refusal.</summary>
    /// <exception cref="UsageException">A picture cannot be read.</exception>
    Task<RunEnd> RunAsync(CommandOrder order, RunView view, CancellationToken cancellation);

    /// <summary>Makes a picture again by what its file says, and compares the two. Cancelling the token cancels the job, and is a refusal.</summary>
    /// <exception cref="UsageException">The picture cannot be read.</exception>
    Task<RunEnd> VerifyAsync(string path, RunView view, CancellationToken cancellation);
}
