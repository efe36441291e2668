using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture.Folders;

/// <summary>A file uses a type that another file of the same project declares.</summary>
internal sealed record TypeUse(SourceFile User, string Type, SourceFile Declared);
