namespace Darkroom.Client.Json;

/// <summary>A name on the wire. A server may have names that this client does not list: they are kept as they come.</summary>
internal interface IWireName<TSelf>
    where TSelf : struct, IWireName<TSelf>
{
    /// <summary>As it stands on the wire.</summary>
    string Value { get; }

    /// <summary>From the wire.</summary>
    static abstract TSelf From(string value);
}
