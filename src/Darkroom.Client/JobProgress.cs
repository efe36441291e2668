namespace Darkroom.Client;

/// <summary>How far a job is.</summary>
/// <param name="Share">0…1</param>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted.</param>
/// <param name="Position">Waiting jobs before this one, 0: it is next; null where it does not wait.</param>
/// <param name="Eta">Seconds until it is done; null where no pace is known.</param>
public sealed record JobProgress(double Share, int Step, int Steps, int? Position, double? Eta);
