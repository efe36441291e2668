using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>All that a store keeps of an entry of the outbox.</summary>
/// <param name="Delivery">As it is taken the next time; its attempt is the process's own count.</param>
/// <param name="DueAt">Before that nobody takes it.</param>
internal sealed record OutboxRecord(WebhookDelivery Delivery, DateTimeOffset DueAt);
