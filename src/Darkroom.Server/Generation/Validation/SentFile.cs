namespace Darkroom.Server.Generation.Validation;

/// <summary>A part of a form that holds a file.</summary>
/// <param name="Name">Name of the part; the file's own name is not looked at.</param>
/// <param name="Bytes">Within the request's body.</param>
internal sealed record SentFile(string Name, ReadOnlyMemory<byte> Bytes);
