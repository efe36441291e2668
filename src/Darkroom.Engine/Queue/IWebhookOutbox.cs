namespace Darkroom.Engine.Queue;

/// <summary>
/// The ends of jobs that are still to be told outside. A job store fills it too: <see cref="IJobStore"/> commits an end and its entry
/// (<see cref="WebhookDelivery.Of"/>) at once, so that there is never the one without the other. An entry is its own: it stays when its job is removed.
/// Several processes may take from it: an entry is one's own until its lease runs out, by the store's clock, and may be told twice then.
/// </summary>
public interface IWebhookOutbox
{
    /// <summary>Told after an operation of this process wrote an entry. What other processes write is found by asking now and then.</summary>
    event Action? DeliveryWritten;

    /// <summary>Takes the entry that is due longest, of those that nobody has.</summary>
    /// <param name="without">Origins (<see cref="WebhookDelivery.Origin"/>) that are passed over; mostly few or none.</param>
    /// <param name="lease">How long the entry is the caller's.</param>
    /// <param name="cancellation">Before anything is taken.</param>
    /// <returns>The entry; null where none is due.</returns>
    ValueTask<WebhookDelivery?> TakeAsync(IReadOnlyCollection<string> without, TimeSpan lease, CancellationToken cancellation);

    /// <summary>It was told, or is given up.</summary>
    /// <returns>False: the entry was taken by another since, or is no more; nothing was changed.</returns>
    ValueTask<bool> RemoveAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <summary>It is due again later.</summary>
    /// <param name="delivery">As it was taken.</param>
    /// <param name="after">When, from now on.</param>
    /// <param name="failed">Whether a try failed; false: there was none.</param>
    /// <param name="cancellation">Before anything is written.</param>
    /// <returns>False: the entry was taken by another since, or is no more; nothing was changed.</returns>
    ValueTask<bool> RetryAsync(WebhookDelivery delivery, TimeSpan after, bool failed, CancellationToken cancellation);
}
