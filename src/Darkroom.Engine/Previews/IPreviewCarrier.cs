namespace Darkroom.Engine.Previews;

/// <summary>Brings previews from the process that makes a picture to those whose readers want to see them. What it loses is only a look.</summary>
public interface IPreviewCarrier
{
    /// <summary>Told when another process has brought a newer preview of a job.</summary>
    event Action<string>? Brought;

    /// <summary>Whether a reader of another process waits for previews of a job.</summary>
    bool IsWanted(string jobId);

    /// <summary>Tells the others that previews of a job are waited for, for the next <see cref="RelayedPreviewBoard.WantedFor"/>.</summary>
    void Want(string jobId);

    /// <summary>Brings a preview in the place of the job's last one, and tells the others.</summary>
    ValueTask BringAsync(Preview preview, CancellationToken cancellation);

    /// <summary>The newest preview of a job that was brought; null: there is none.</summary>
    ValueTask<Preview?> FetchAsync(string jobId, CancellationToken cancellation);

    /// <summary>The job ended: its preview goes.</summary>
    ValueTask RemoveAsync(string jobId, CancellationToken cancellation);
}
