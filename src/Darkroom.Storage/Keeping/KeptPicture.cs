namespace Darkroom.Storage.Keeping;

/// <summary>What decides about a stored picture's stay.</summary>
/// <param name="Length">Bytes.</param>
internal sealed record KeptPicture(string Id, string Job, long Length);
