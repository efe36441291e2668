namespace Darkroom.Client.Catalog;

/// <summary>A list of the server's.</summary>
internal sealed record CatalogList<TEntry>(IReadOnlyList<TEntry> Data);
