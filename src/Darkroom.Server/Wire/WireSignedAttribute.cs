namespace Darkroom.Server.Wire;

/// <summary>The number may be below 0.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireSignedAttribute : Attribute;
