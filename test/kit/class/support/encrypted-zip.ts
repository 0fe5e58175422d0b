/** What `zip -X -P secret` made of a file labs/01-initial-sync.ts: nothing that this project uses encrypts a zip. */
export const encryptedZip = Buffer.from(
  'UEsDBAoACQAAAMC9fl2DFtyMDQAAAAEAAAAXAAAAbGFicy8wMS1pbml0aWFsLXN5bmMudHOqid0ZebpkE3qJIJ5VUEsHCIMW3IwNAAAAAQAAAFBLAQIeAwoACQAAAMC9fl2DFtyMDQAAAAEAAAAXAAAAAAAAAAEAAACkgQAAAABsYWJzLzAxLWluaXRpYWwtc3luYy50c1BLBQYAAAAAAQABAEUAAABSAAAAAAA=',
  'base64',
);
