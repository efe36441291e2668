using System.Security.Cryptography;

namespace Darkroom.Engine.Queue;

/// <summary>Where ids of jobs and pictures come from.</summary>
public interface IIdSource
{
    /// <summary>128 random bits, 32 lower-case hex digits.</summary>
    string Next();
}

/// <summary>Ids that cannot be guessed.</summary>
public sealed class RandomIds : IIdSource
{
    public string Next() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
